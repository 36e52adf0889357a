package dev.longhaul.testsupport;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Progress;
import dev.longhaul.schema.Violation;
import dev.longhaul.tool.Client;
import dev.longhaul.tool.Question;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Configures and starts one run of a tool: the caller, the attempt, the client's answers, the
 * cancellation. Created by {@link ToolRuns#tool}.
 */
public final class ToolRun {
  private static final ScheduledThreadPoolExecutor TIMER =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("tool-run-time-outs").daemon().factory());

  static {
    TIMER.setRemoveOnCancelPolicy(true);
  }

  private final Tool tool;
  private final ToolCatalogue tools;
  private final ToolRunner runner;
  private final Clock clock;
  private final JsonMapper json;

  private String id;
  private int attempt = 1;
  private String caller = "local";
  private Duration timeout;
  private Client client = Client.NONE;
  private @Nullable Function<Question, JsonNode> answers;
  private Predicate<Progress> cancelAt = _ -> false;
  private boolean cancelled;

  ToolRun(Tool tool, ToolCatalogue tools, ToolRunner runner, Clock clock, JsonMapper json) {
    this.tool = tool;
    this.tools = tools;
    this.runner = runner;
    this.clock = clock;
    this.json = json;
    this.id = JobId.create(clock.millis(), 0).value();
    this.timeout = tool.policy().timeout();
  }

  /** Sets the job's id, instead of a new one. */
  public ToolRun id(String jobId) {
    id = jobId;
    return this;
  }

  /** Sets the number of the attempt, counted from 1. */
  public ToolRun attempt(int number) {
    attempt = number;
    return this;
  }

  /** Sets the caller. */
  public ToolRun caller(String owner) {
    caller = owner;
    return this;
  }

  /** Sets the time limit, instead of the policy's. It is real time, whatever the clock. */
  public ToolRun timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** Sets the client's name and capabilities, instead of none. */
  public ToolRun client(Client who) {
    client = who;
    return this;
  }

  /**
   * Sets the client's answers to the tool's questions (elicitation, sampling, roots). Without it,
   * the client cannot be asked, and questions are refused as in production.
   *
   * @param answer returns the result for a question; for an elicitation an object with {@code
   *     action}
   */
  public ToolRun answering(Function<Question, JsonNode> answer) {
    answers = answer;
    return this;
  }

  /** Lets the user accept every elicitation with this content. */
  public ToolRun accepting(Map<String, ?> content) {
    ObjectNode accepted = json.createObjectNode().put("action", "accept");
    accepted.set("content", json.valueToTree(content));
    return answering(_ -> accepted.deepCopy());
  }

  /** Lets the user decline every elicitation. */
  public ToolRun declining() {
    return answering(_ -> json.createObjectNode().put("action", "decline"));
  }

  /** Cancels the call before the tool checks for a cancellation for the first time. */
  public ToolRun cancelled() {
    cancelled = true;
    return this;
  }

  /** Cancels the call when the tool reports progress that matches. */
  public ToolRun cancelWhen(Predicate<Progress> reported) {
    cancelAt = reported;
    return this;
  }

  /** Runs the tool without arguments. */
  public ToolRunResult run() {
    return run(Map.of());
  }

  /**
   * Runs the tool in this thread and waits for its end.
   *
   * @param arguments by name; any values that Jackson can write
   * @throws IntakeException {@link Refusal.InvalidArguments} if they violate the tool's schema;
   *     then the tool does not run
   */
  public ToolRunResult run(Map<String, ?> arguments) {
    ObjectNode given = json.valueToTree(arguments);
    List<Violation> violations = tools.violations(tool, given);
    if (!violations.isEmpty()) {
      throw new IntakeException(new Refusal.InvalidArguments(tool.name(), violations));
    }
    ObjectNode params = json.createObjectNode().put("name", tool.name());
    params.set("arguments", given);
    var heard = new ToolRunSink(answers, cancelAt);
    var call =
        new AttemptContext(id, attempt, caller, clock.instant().plus(timeout), clock, json, heard)
            .by(answers == null ? client : answering(client));
    Attempt end = run(params, call, heard);
    heard.failIfAnswersWereWrong();
    return new ToolRunResult(tool, attempt, heard.end(end, call, timeout), heard, json);
  }

  private Attempt run(ObjectNode params, AttemptContext call, ToolRunSink heard) {
    var stops = new Stops(call, Thread.currentThread());
    heard.cancelsWith(() -> stops.stop(Stop.CANCELLED));
    var end =
        TIMER.schedule(() -> stops.stop(Stop.TIMED_OUT), timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      if (cancelled) {
        stops.stop(Stop.CANCELLED);
      }
      return runner.run(tool, params, call);
    } finally {
      end.cancel(false);
      stops.over();
    }
  }

  // Someone who declared that he can be asked everything, unless the test said otherwise.
  private Client answering(Client who) {
    if (!who.capabilities().isEmpty()) {
      return who;
    }
    ObjectNode all = json.createObjectNode();
    all.putObject("elicitation").putObject("form");
    all.putObject("sampling").putObject("tools");
    all.putObject("roots");
    all.withObject("elicitation").putObject("url");
    return new Client(who.revision(), all, who.name(), who.version(), who.logLevel(), who.trace());
  }

  /** Stops the tool as a worker does: sets a flag and interrupts it, but not after its end. */
  private static final class Stops {
    private final AttemptContext call;
    private final Thread thread;
    private boolean over;

    private Stops(AttemptContext call, Thread thread) {
      this.call = call;
      this.thread = thread;
    }

    private synchronized void stop(Stop reason) {
      if (!over && call.stop(reason)) {
        thread.interrupt();
      }
    }

    private synchronized void over() {
      over = true;
      if (call.stopped().isPresent()) {
        Thread.interrupted(); // the interrupt is ours, not the test's
      }
    }
  }
}
