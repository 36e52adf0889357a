package dev.longhaul.mcp.modern;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.TaskView;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves tasks/get, tasks/update and tasks/cancel of the tasks extension. */
final class TaskMethods {
  private final Operations operations;
  private final TaskView view;
  private final ModernDialect dialect;

  TaskMethods(Operations operations, TaskView view, ModernDialect dialect) {
    this.operations = operations;
    this.view = view;
    this.dialect = dialect;
  }

  public List<ModernMethod> all() {
    return List.of(
        new Method("tasks/get", this::get),
        new Method("tasks/update", this::update),
        new Method("tasks/cancel", this::cancel));
  }

  private ObjectNode get(ModernRequest request) {
    return view(request.exchange().caller(), id(request));
  }

  /** What tasks/get returns for a task. */
  public ObjectNode view(Caller caller, JobId id) {
    Job job = operations.job(caller, id);
    return job.state().terminal()
        ? view.finished(job, operations.outcome(caller, job))
        : view.unfinished(job, operations.questions(caller, job.id()));
  }

  // Stored before the acknowledgement, so that the next tasks/get does not show the questions any
  // more.
  private ObjectNode update(ModernRequest request) {
    JsonNode responses = request.params().path("inputResponses");
    if (!responses.isObject()) {
      throw RpcException.invalidParams("params.inputResponses must be an object.");
    }
    Map<String, JsonNode> answers = new HashMap<>();
    responses.properties().forEach(entry -> answers.put(entry.getKey(), entry.getValue()));
    operations.answer(request.exchange().caller(), id(request), answers);
    return Replies.object();
  }

  private ObjectNode cancel(ModernRequest request) {
    try {
      operations.cancel(request.exchange().caller(), id(request));
    } catch (IntakeException e) {
      e.unless(Refusal.AlreadyFinished.class);
      // Acknowledged as well: the task may end before the cancellation arrives.
    }
    return Replies.object();
  }

  private static JobId id(ModernRequest request) {
    String text = request.params().path("taskId").stringValue("");
    if (!JobId.isValid(text)) {
      throw RpcException.invalidParams("Unknown task: its id is none of this server's.");
    }
    return new JobId(text);
  }

  private final class Method implements ModernMethod {
    private final String name;
    private final Function<ModernRequest, ObjectNode> action;

    Method(String name, Function<ModernRequest, ObjectNode> action) {
      this.name = name;
      this.action = action;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<String> nameField() {
      return Optional.of("taskId");
    }

    @Override
    public boolean nameHeaderOptional() {
      return true;
    }

    @Override
    public boolean needsTasks() {
      return true;
    }

    @Override
    public void handle(ModernRequest request) {
      ObjectNode result = dialect.complete(action.apply(request));
      request.exchange().reply().finish(200, Replies.result(request.id(), result));
    }
  }
}
