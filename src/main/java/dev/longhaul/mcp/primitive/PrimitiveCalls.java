package dev.longhaul.mcp.primitive;

import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Rate;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.ToolResults;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Completion;
import dev.longhaul.tool.PrimitiveHandler;
import dev.longhaul.tool.Primitives;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.ResourceTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves resources/read, prompts/get and completion/complete of any revision. */
public final class PrimitiveCalls {
  public static final String READ = "resources/read";
  public static final String PROMPT = "prompts/get";
  public static final String COMPLETE = "completion/complete";

  /** CompleteResult's own limit. */
  private static final int MAX_VALUES = 100;

  private final Primitives primitives;
  private final Intake intake;
  private final Deliverer deliverer;
  private final JobResources jobs;
  private final Duration timeout;
  private final Duration resourceTtl;
  private final CallerRate completions;

  /**
   * @param timeout how long a handler may run
   * @param resourceTtl how long what was read may be kept
   * @param completionRate how often a caller may have values proposed by this process
   */
  public PrimitiveCalls(
      Primitives primitives,
      Intake intake,
      Deliverer deliverer,
      Duration timeout,
      Duration resourceTtl,
      Rate completionRate) {
    this.primitives = primitives;
    this.intake = intake;
    this.deliverer = deliverer;
    this.jobs = new JobResources(intake);
    this.timeout = timeout;
    this.resourceTtl = resourceTtl;
    this.completions = new CallerRate(completionRate, System::nanoTime);
  }

  /** Reads a resource; the params are those of {@link PrimitiveParams#read}. */
  public void read(Call call) {
    try {
      readOrThrow(call);
    } catch (RpcException e) {
      throw new RpcException(e.httpStatus(), call.dialect().error(e.error()));
    }
  }

  private void readOrThrow(Call call) {
    String uri = call.params().path("uri").asString();
    if (uri.startsWith(JobResources.SCHEME)) {
      answer(call, cacheable(call, jobs.read(call, uri)));
      return;
    }
    PrimitiveHandler reader = primitives.reader(uri).orElseThrow(() -> ResourceUri.unknown(uri));
    run(
        call,
        READ,
        reader,
        ResourceUri.data(uri),
        result -> cacheable(call, Contents.checked(uri, result)));
  }

  /** Makes a prompt; the params are those of {@link PrimitiveParams#prompt}. */
  public void prompt(Call call) {
    String name = call.params().path("name").asString();
    Prompt prompt =
        primitives
            .prompt(name)
            .orElseThrow(() -> RpcException.invalidParams("Unknown prompt: " + name + "."));
    JsonNode arguments = call.params().path("arguments");
    List<String> missing =
        prompt.requiredArguments().stream().filter(each -> !arguments.has(each)).toList();
    if (!missing.isEmpty()) {
      throw RpcException.invalidParams(
          "The prompt " + name + " needs the arguments " + String.join(", ", missing) + ".");
    }
    run(call, PROMPT, prompt.handler(), null, UnaryOperator.identity());
  }

  /** Proposes values; the params are those of {@link PrimitiveParams#complete}. */
  public void complete(Call call) {
    Duration wait = completions.take(call.caller().owner());
    if (wait.isPositive()) {
      throw tooOften(wait);
    }
    Completion.Reference of = PrimitiveParams.reference(call.params().path("ref"));
    Optional<Completion> completion = primitives.completion(of);
    if (completion.isPresent()) {
      run(call, COMPLETE, completion.get().handler(), null, PrimitiveCalls::atMost);
    } else if (known(of)) {
      answer(call, atMost(Replies.object()));
    } else {
      throw RpcException.invalidParams(
          "Unknown "
              + (of.kind() == Completion.Kind.PROMPT ? "prompt" : "resource template")
              + ": "
              + of.id()
              + ".");
    }
  }

  private static RpcException tooOften(Duration wait) {
    long seconds = wait.toSeconds() + 1;
    return new RpcException(
        200,
        new RpcError(
            ErrorCode.TOO_MANY_COMPLETIONS,
            "Completions are asked for too often; ask again in " + seconds + " s.",
            Replies.object().put("retryAfterSeconds", seconds)));
  }

  private boolean known(Completion.Reference of) {
    return switch (of.kind()) {
      case PROMPT -> primitives.prompt(of.id()).isPresent();
      case RESOURCE ->
          primitives.resources().stream().anyMatch(resource -> resource.uri().equals(of.id()))
              || primitives.templates().stream()
                  .map(ResourceTemplate::template)
                  .anyMatch(template -> template.toString().equals(of.id()))
              || of.id().equals(JobResources.JOB)
              || of.id().equals(JobResources.RESULT);
    };
  }

  private void run(
      Call call,
      String method,
      PrimitiveHandler handler,
      @Nullable ObjectNode errorData,
      UnaryOperator<ObjectNode> finish) {
    Submission submission =
        Submission.inline(call.caller(), method, call.params()).of(call.client());
    deliverer.inline(
        call,
        listener -> allowed(method, intake.runInline(submission, handler, timeout, listener)),
        outcome -> call.dialect().complete(finish.apply(result(method, errorData, outcome))));
  }

  /** Only three methods may be answered with questions (basic/patterns/mrtr.mdx). */
  private static Inlined allowed(String method, Inlined end) {
    if (end instanceof Inlined.Asks && method.equals(COMPLETE)) {
      throw new RpcException(
          200, ErrorCode.INTERNAL_ERROR, "A completion asked its client, which it may not.");
    }
    return end;
  }

  private static ObjectNode result(String method, @Nullable ObjectNode errorData, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> Json.object(answered.json());
      case Outcome.Refused refused -> {
        RpcError error = ToolResults.error(refused);
        throw new RpcException(
            200,
            error.data() == null && errorData != null
                ? new RpcError(error.code(), error.message(), errorData)
                : error);
      }
      case Outcome.Failed failed -> throw failed(method, failed.error());
      case Outcome.GivenUp givenUp -> throw failed(method, givenUp.error());
      // Only a client that left cancels here, and it reads no answer.
      case Outcome.Cancelled _ ->
          throw new RpcException(200, ErrorCode.INTERNAL_ERROR, method + " was cancelled.");
    };
  }

  private static RpcException failed(String method, JobError error) {
    ObjectNode data = Replies.object().put("code", error.code()).put("type", error.type());
    return new RpcException(
        200, new RpcError(ErrorCode.INTERNAL_ERROR, method + " failed: " + error.message(), data));
  }

  /** Private: a resource may show its caller what it shows nobody else. */
  private ObjectNode cacheable(Call call, ObjectNode result) {
    return call.dialect().cacheable(result, resourceTtl, false);
  }

  private static ObjectNode atMost(ObjectNode result) {
    ObjectNode completion =
        result.get("completion") instanceof ObjectNode given
            ? given
            : result.putObject("completion");
    ArrayNode values =
        completion.get("values") instanceof ArrayNode given ? given : completion.putArray("values");
    int found = values.size();
    if (found > MAX_VALUES) {
      ArrayNode first = completion.putArray("values");
      values.valueStream().limit(MAX_VALUES).forEach(first::add);
      completion.put("hasMore", true);
    }
    if (!completion.path("total").isNumber()) {
      completion.put("total", found);
    }
    if (!completion.path("hasMore").isBoolean()) {
      completion.put("hasMore", false);
    }
    return result;
  }

  private void answer(Call call, ObjectNode result) {
    call.reply().finish(200, Replies.result(call.id(), call.dialect().complete(result)));
  }
}
