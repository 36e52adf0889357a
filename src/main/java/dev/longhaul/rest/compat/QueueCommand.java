package dev.longhaul.rest.compat;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.NamedJobs;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.QueueAnswers;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.QueueUnavailableException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The command queue: what each action does with the caller's jobs. */
final class QueueCommand {
  static final String NAME = "queue";

  /** How many pages of jobs one list_jobs searches for those with names. */
  private static final int MOST_PAGES = 20;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Operations operations;
  private final NamedJobs jobs;
  private final DefaultTool defaultTool;

  QueueCommand(Operations operations, NamedJobs jobs, DefaultTool defaultTool) {
    this.operations = operations;
    this.jobs = jobs;
    this.defaultTool = defaultTool;
  }

  /**
   * Carries out an action.
   *
   * @param base what the URLs of the REST API begin with
   * @return the fields of the answer
   * @throws CommandException if it is refused
   */
  ObjectNode run(Caller caller, ObjectNode given, String base) {
    CommandParams params = CommandParams.read(given);
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("action", params.action());
    try {
      switch (params.action()) {
        case "add_job" -> add(caller, params, answer);
        case "start_job" -> start(caller, params, answer);
        case "stop_job" -> stop(caller, params, answer);
        case "get_status" -> status(caller, params, base, answer);
        case "list_jobs" -> list(caller, params, base, answer);
        case "delete_job" -> delete(caller, params, answer);
        default -> health(caller, answer);
      }
    } catch (IntakeException e) {
      throw CommandErrors.of(e, params.job(), base);
    } catch (QueueUnavailableException e) {
      throw CommandErrors.of(QueueAnswers.unavailable(e), params.job(), base);
    }
    return answer;
  }

  private void add(Caller caller, CommandParams params, ObjectNode answer) {
    String tool = params.tool() == null ? defaultTool.name().orElse(null) : params.tool();
    if (tool == null) {
      throw CommandErrors.noTool();
    }
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("name", tool);
    call.set("arguments", params.arguments());
    JobOptions held =
        JobOptions.builder().held(true).metadata(Map.of(JobStatus.NAME, params.job())).build();
    Job job = jobs.add(Submission.toolCall(caller, call).with(held), params.job());
    Job stored = operations.handOver(caller, job.id(), null);
    answer.put("job_id", params.job()).put("tool", tool);
    answer.setAll(params.flat());
    done(answer, params, stored, "added");
  }

  private void start(Caller caller, CommandParams params, ObjectNode answer) {
    Job job = jobs.find(caller, params.job());
    if (job.state() != JobState.HELD) {
      throw CommandErrors.started(params.job(), job.state());
    }
    Job started;
    try {
      started = operations.start(caller, job.id());
    } catch (IntakeException e) {
      e.unless(Refusal.NotHeld.class);
      throw CommandErrors.started(params.job(), operations.job(caller, job.id()).state());
    }
    done(answer.put("job_id", params.job()), params, started, "started");
  }

  private void stop(Caller caller, CommandParams params, ObjectNode answer) {
    Job job = jobs.find(caller, params.job());
    if (job.state() == JobState.HELD) {
      throw CommandErrors.notRunning(params.job(), job.state());
    }
    Job stopped;
    try {
      stopped = operations.cancel(caller, job.id());
    } catch (IntakeException e) {
      throw CommandErrors.notRunning(params.job(), e.as(Refusal.AlreadyFinished.class).state());
    }
    done(answer.put("job_id", params.job()), params, stopped, "stopped");
  }

  private static void done(ObjectNode answer, CommandParams params, Job job, String what) {
    answer.put("status", JobStatus.name(job.state())).put("operation_id", job.id().value());
    answer.put("message", "Job " + params.job() + " " + what);
  }

  private void status(Caller caller, CommandParams params, String base, ObjectNode answer) {
    Job job = jobs.find(caller, params.job());
    ObjectNode status = JobStatus.of(job, resultUrl(base, job));
    if (job.state().terminal()) {
      try {
        JobStatus.end(status, operations.outcome(caller, job), JSON);
      } catch (IntakeException e) {
        e.unless(Refusal.ResultExpired.class);
        status.remove("result_url"); // the status outlives it
      }
    }
    answer.put("job_id", params.job()).set("status", status);
  }

  private void list(Caller caller, CommandParams params, String base, ObjectNode answer) {
    ArrayNode list = answer.putArray("jobs");
    String cursor = params.cursor();
    for (int page = 0; page < MOST_PAGES && list.size() < params.most(); page++) {
      JobPage found = operations.list(caller, null, null, cursor, params.most() - list.size());
      for (Job job : found.jobs()) {
        if (job.metadata().containsKey(JobStatus.NAME) && wanted(job, params.status())) {
          list.add(JobStatus.of(job, resultUrl(base, job)));
        }
      }
      cursor = found.nextCursor();
      if (cursor == null) {
        break;
      }
    }
    answer.put("count", list.size());
    if (cursor != null) {
      answer.put("next_cursor", cursor);
    }
  }

  private static boolean wanted(Job job, @Nullable String status) {
    return status == null || status.equals(JobStatus.name(job.state()));
  }

  private void delete(Caller caller, CommandParams params, ObjectNode answer) {
    Job job = jobs.find(caller, params.job());
    // As in queuemgr, a job that was never started is deleted without force.
    boolean force = params.force() || job.state() == JobState.HELD;
    operations.delete(caller, job.id(), force);
    answer.put("job_id", params.job()).put("message", "Job " + params.job() + " deleted");
  }

  private void health(Caller caller, ObjectNode answer) {
    boolean running = true;
    try {
      var _ = operations.list(caller, null, null, null, 1);
    } catch (IntakeException e) {
      e.unless(Refusal.Unavailable.class);
      running = false;
    }
    answer.put("queue_running", running).put("status", running ? "healthy" : "unhealthy");
  }

  private static String resultUrl(String base, Job job) {
    return base + "/jobs/" + job.id().value() + "/result";
  }
}
