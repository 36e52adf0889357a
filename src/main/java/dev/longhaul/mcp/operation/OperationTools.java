package dev.longhaul.mcp.operation;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.ResultPage;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.OperationView;
import dev.longhaul.mcp.delivery.ToolResults;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.queue.JobPage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Runs continue_operation, get_operation, cancel_operation and list_operations; never queued. */
public final class OperationTools {
  /** In characters: a model is shown no more; REST has all of it. */
  private static final int LARGEST_PARTIAL = 20_000;

  private static final int DEFAULT_LIMIT = 20;

  /** Who gives one of them wants the result. */
  private static final List<String> PAGING = List.of("offset", "limit", "pointer");

  /** In bytes as JSON; the answer has a page twice, once as a text in which it is escaped again. */
  private static final long PAGE_ROOM = 200_000;

  private final Intake intake;
  private final Deliverer deliverer;
  private final List<ObjectNode> descriptions = OperationDescriptions.all();

  public OperationTools(Intake intake, Deliverer deliverer) {
    this.intake = intake;
    this.deliverer = deliverer;
  }

  /** Their entries of tools/list. */
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

  /** Serves a call of one of them; what is wrong with it becomes a result a model can read. */
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
    } catch (IntakeException.UnknownJob
        | IntakeException.ResultExpired
        | IntakeException.AlreadyFinished
        | IntakeException.BadRequest e) {
      answer(call, ToolResults.error(String.valueOf(e.getMessage())));
    }
  }

  private void resume(Call call) throws InterruptedException {
    Arguments arguments =
        new Arguments(call.arguments(), Set.of("operation_id", "wait_seconds", "wait_time"));
    String id = arguments.required("operation_id");
    // Models also call it wait_time.
    String name = call.arguments().hasNonNull("wait_seconds") ? "wait_seconds" : "wait_time";
    int seconds =
        arguments.whole(
            name, deliverer.waitSeconds(call), 0, OperationDescriptions.MAX_WAIT_SECONDS);
    check(call, arguments);
    deliverer.resume(call, id(id), Duration.ofSeconds(seconds));
  }

  private void get(Call call) {
    Arguments arguments =
        new Arguments(call.arguments(), Set.of("operation_id", "offset", "limit", "pointer"));
    String id = arguments.required("operation_id");
    String pointer = arguments.text("pointer");
    int offset = arguments.whole("offset", 0, 0, Integer.MAX_VALUE);
    int limit =
        arguments.whole("limit", OperationDescriptions.PAGE, 1, OperationDescriptions.MAX_PAGE);
    check(call, arguments);
    Job job = intake.job(call.caller(), id(id));
    ObjectNode view = view(call, job);
    boolean paged = PAGING.stream().anyMatch(call.arguments()::hasNonNull);
    if (paged && job.state().terminal()) {
      String result = ToolResults.document(intake.outcome(call.caller(), job));
      try {
        ResultPage.of(result, new ResultPage.Asked(pointer, offset, limit), PAGE_ROOM)
            .write(view.putObject("result"));
      } catch (ResultPage.Refused e) {
        answer(call, ToolResults.error(e.field() + " " + e.getMessage() + "."));
        return;
      }
    }
    intake
        .partial(call.caller(), job)
        .filter(partial -> partial.json().length() <= LARGEST_PARTIAL)
        .ifPresent(partial -> OperationView.addPartial(view, partial));
    structured(call, view);
  }

  private void cancel(Call call) {
    structured(call, view(call, intake.cancel(call.caller(), idOnly(call))));
  }

  private void list(Call call) {
    Arguments arguments = new Arguments(call.arguments(), Set.of("state", "limit", "cursor"));
    String state = arguments.text("state");
    String cursor = arguments.text("cursor");
    int limit = arguments.whole("limit", DEFAULT_LIMIT, 1, OperationDescriptions.MAX_LIMIT);
    check(call, arguments);
    Caller caller = call.caller();
    JobPage page = intake.list(caller, state, null, cursor, limit);
    ObjectNode view = Replies.object();
    var operations = view.putArray("operations");
    page.jobs().forEach(job -> operations.add(view(call, job)));
    if (page.nextCursor() != null) {
      view.put("next_cursor", page.nextCursor());
    }
    structured(call, view);
  }

  private JobId idOnly(Call call) {
    Arguments arguments = new Arguments(call.arguments(), Set.of("operation_id"));
    String id = arguments.required("operation_id");
    check(call, arguments);
    return id(id);
  }

  private static JobId id(String text) {
    if (!JobId.isValid(text)) {
      throw new IntakeException.UnknownJob(text.substring(0, Math.min(text.length(), 64)));
    }
    return new JobId(text);
  }

  private ObjectNode view(Call call, Job job) {
    return OperationView.of(
        job,
        intake.estimatedCompletion(job),
        intake.questions(call.caller(), job),
        call.baseUrl(),
        deliverer.waitSeconds(call));
  }

  private static void check(Call call, Arguments arguments) {
    if (!arguments.violations().isEmpty()) {
      throw new InvalidCall(ToolResults.invalid(call.tool(), arguments.violations()));
    }
  }

  // The same as text, for clients that show a model nothing else.
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
