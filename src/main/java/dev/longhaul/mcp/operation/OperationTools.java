package dev.longhaul.mcp.operation;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.ResultPage;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.OperationView;
import dev.longhaul.mcp.delivery.ResultTruncation;
import dev.longhaul.mcp.delivery.ToolResults;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.queue.JobPage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs continue_operation, get_operation, cancel_operation and list_operations, always in the
 * request's thread.
 */
public final class OperationTools {
  /** The largest partial result shown to a model, in characters; REST returns larger ones. */
  private static final int LARGEST_PARTIAL = 20_000;

  private static final int DEFAULT_LIMIT = 20;

  /** The largest page in bytes of JSON; the response has it twice, once escaped as text. */
  private static final long PAGE_ROOM = 200_000;

  private final Operations operations;
  private final Deliverer deliverer;
  private final List<ObjectNode> descriptions = OperationDescriptions.all();

  public OperationTools(Operations operations, Deliverer deliverer) {
    this.operations = operations;
    this.deliverer = deliverer;
  }

  /** The tools' entries in tools/list. */
  public List<ObjectNode> descriptions() {
    return descriptions;
  }

  public boolean has(String name) {
    return switch (name) {
      case OperationDescriptions.CONTINUE,
          OperationDescriptions.GET,
          OperationDescriptions.CANCEL,
          OperationDescriptions.LIST ->
          true;
      default -> false;
    };
  }

  /** Serves a call of an operation tool; errors become results that a model can read. */
  public void call(Call call) throws InterruptedException {
    try {
      switch (call.tool()) {
        case OperationDescriptions.CONTINUE -> resume(call);
        case OperationDescriptions.GET -> get(call);
        case OperationDescriptions.CANCEL -> cancel(call);
        case OperationDescriptions.LIST -> list(call);
        default -> throw new IllegalArgumentException("not an operation tool: " + call.tool());
      }
    } catch (InvalidCall e) {
      answer(call, e.result);
    } catch (IntakeException e) {
      e.unless(
          Refusal.UnknownJob.class,
          Refusal.ResultExpired.class,
          Refusal.AlreadyFinished.class,
          Refusal.BadRequest.class);
      answer(call, ToolResults.error(String.valueOf(e.getMessage())));
    }
  }

  private void resume(Call call) throws InterruptedException {
    Waiting asked = read(call, Waiting.class);
    Integer seconds = asked.waitSeconds() == null ? asked.waitTime() : asked.waitSeconds();
    deliverer.resume(
        call,
        id(asked.operationId()),
        Duration.ofSeconds(seconds == null ? deliverer.waitSeconds(call) : seconds));
  }

  private void get(Call call) {
    Paging asked = read(call, Paging.class);
    Job job = operations.job(call.caller(), id(asked.operationId()));
    ObjectNode view = view(call, job);
    if (asked.wantsResult() && job.state().terminal()) {
      String result = ToolResults.document(operations.outcome(call.caller(), job));
      try {
        ResultPage.of(result, asked.page(), PAGE_ROOM).write(view.putObject("result"));
      } catch (ResultPage.Refused e) {
        answer(call, ToolResults.error(e.field() + " " + e.getMessage() + "."));
        return;
      }
    }
    operations
        .partial(call.caller(), job)
        .filter(partial -> partial.json().length() <= LARGEST_PARTIAL)
        .ifPresent(partial -> OperationView.addPartial(view, partial));
    structured(call, view);
  }

  private void cancel(Call call) {
    structured(
        call,
        view(
            call, operations.cancel(call.caller(), id(read(call, Operation.class).operationId()))));
  }

  private void list(Call call) {
    Listing asked = read(call, Listing.class);
    Caller caller = call.caller();
    JobPage page = operations.list(caller, asked.state(), null, asked.cursor(), asked.most());
    ObjectNode view = Replies.object();
    var operations = view.putArray("operations");
    page.jobs().forEach(job -> operations.add(view(call, job)));
    if (page.nextCursor() != null) {
      view.put("next_cursor", page.nextCursor());
    }
    structured(call, view);
  }

  private static JobId id(String text) {
    if (!JobId.isValid(text)) {
      throw new IntakeException(
          new Refusal.UnknownJob(text.substring(0, Math.min(text.length(), 64))));
    }
    return new JobId(text);
  }

  private ObjectNode view(Call call, Job job) {
    return OperationView.of(
        job,
        operations.estimatedCompletion(job),
        operations.questions(call.caller(), job),
        call.sender().baseUrl(),
        deliverer.waitSeconds(call));
  }

  private static <T> T read(Call call, Class<T> arguments) {
    return OperationDescriptions.schema(call.tool())
        .read(
            call.arguments(),
            arguments,
            violations -> new InvalidCall(ToolResults.invalid(call.tool(), violations)));
  }

  private record Operation(String operationId) {}

  /** Some models call the wait_seconds wait_time. */
  private record Waiting(
      String operationId, @Nullable Integer waitSeconds, @Nullable Integer waitTime) {}

  private record Paging(
      String operationId,
      @Nullable Integer offset,
      @Nullable Integer limit,
      @Nullable String pointer) {

    /** Any of these arguments asks for the result. */
    boolean wantsResult() {
      return offset != null || limit != null || pointer != null;
    }

    ResultPage.Asked page() {
      return new ResultPage.Asked(
          pointer, offset == null ? 0 : offset, limit == null ? ResultTruncation.TOOL_PAGE : limit);
    }
  }

  private record Listing(@Nullable String state, @Nullable Integer limit, @Nullable String cursor) {
    int most() {
      return limit == null ? DEFAULT_LIMIT : limit;
    }
  }

  // Also as text, for clients that show a model only the text.
  private static void structured(Call call, ObjectNode view) {
    ObjectNode result = ToolResults.text(Json.text(view));
    result.set("structuredContent", view);
    answer(call, result.put("isError", false));
  }

  private static void answer(Call call, ObjectNode result) {
    call.reply().finish(200, Replies.result(call.id(), call.dialect().result(result)));
  }

  private static final class InvalidCall extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ObjectNode result;

    InvalidCall(ObjectNode result) {
      super(null, null, false, false);
      this.result = result;
    }
  }
}
