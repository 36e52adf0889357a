package dev.longhaul.gateway.call;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.gateway.session.CallFeed;
import dev.longhaul.tool.Question;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Connects a call of an upstream with the job or request that it belongs to. */
final class JobFeed implements CallFeed {
  /** What a client can be asked through this server. */
  private static final List<String> QUESTIONS = List.of("elicitation", "sampling", "roots");

  private final CallContext context;
  private final boolean anybody;
  private final Clock clock;
  private final @Nullable MarkedCall marked;

  /**
   * @param anybody whether what the client cannot be asked waits for an answer over REST
   * @param marked where a task of the upstream is stored; null if it does not survive this process
   */
  JobFeed(CallContext context, boolean anybody, Clock clock, @Nullable MarkedCall marked) {
    this.context = context;
    this.anybody = anybody;
    this.clock = clock;
    this.marked = marked;
  }

  @Override
  public ObjectNode capabilities() {
    ObjectNode declared = JsonNodeFactory.instance.objectNode();
    ObjectNode client = context.client().capabilities();
    for (String question : QUESTIONS) {
      if (client.path(question).isObject()) {
        declared.set(question, client.path(question));
      } else if (anybody) {
        declared.putObject(question);
      }
    }
    return declared;
  }

  @Override
  public String job() {
    return context.id();
  }

  @Override
  public @Nullable String logLevel() {
    return context.client().logLevel();
  }

  @Override
  public Map<String, String> trace() {
    return context.client().trace();
  }

  @Override
  public void progress(ObjectNode params) {
    JsonNode total = params.path("total");
    context.progress(
        params.path("progress").asDouble(0),
        total.isNumber() ? total.asDouble() : null,
        params.path("message").asString(null));
  }

  @Override
  public void log(ObjectNode params) {
    context.log(
        params.path("level").asString("info"),
        params.path("logger").asString(null),
        params.path("data"));
  }

  @Override
  public List<JsonNode> ask(List<Question> questions) {
    return anybody ? context.askAnybody(questions) : context.ask(questions);
  }

  @Override
  public @Nullable String task() {
    return marked == null ? null : marked.task();
  }

  @Override
  public void task(String id) {
    if (marked != null) {
      marked.task(id);
    }
  }

  @Override
  public void waits() {
    if (marked != null) {
      marked.notRunning();
    }
  }

  @Override
  public void goesOn() {
    if (marked != null) {
      marked.goesOn();
    }
  }

  @Override
  public Duration taskTtl() {
    Duration left = Duration.between(clock.instant(), context.deadline());
    return left.isPositive() ? left : Duration.ofSeconds(1);
  }

  @Override
  public void status(String message) {
    // Progress never goes back, so this changes only the message.
    context.progress(0, 1.0, message);
  }

  @Override
  public boolean cancelled() {
    return marked == null || !context.goesOnElsewhere();
  }
}
