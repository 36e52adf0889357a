package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.ResultCut;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.queue.JobQueue.Watch;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sees to it that a resumed stream gets its last message even if the process that held the call is
 * gone: the job outlives it, and whoever owns the stream now waits for the job as well. The log
 * takes one last message only, so it makes no difference who is first.
 */
final class Resumption {
  /** The stream of tools/call: its answer is written as the plain call's. */
  static final String CALL = "call";

  /** The stream of tasks/result: its answer names the task. */
  static final String TASK_RESULT = "task";

  // Which revision the stream's client speaks is not kept, and not every one knows links.
  private static final boolean LINKS = false;

  private static final Logger log = LoggerFactory.getLogger(Resumption.class);

  private final Intake intake;
  private final EventLog events;
  private final ResultCut cut;

  Resumption(Intake intake, EventLog events, ResultCut cut) {
    this.intake = intake;
    this.events = events;
    this.cut = cut;
  }

  /**
   * Begins to wait for the job of a stream that was taken over; empty if it has none to wait for.
   */
  Optional<Watch> follow(Caller caller, StreamRef stream, EventLog.Taken taken) {
    if (!JobId.isValid(taken.job()) || taken.requestId().isEmpty()) {
      return Optional.empty();
    }
    JobId id = new JobId(taken.job());
    try {
      return Optional.of(
          intake.follow(
              caller,
              id,
              job -> {
                if (job.state().terminal()) {
                  finish(caller, stream, taken, job);
                }
              }));
    } catch (IntakeException e) {
      // Forgotten already: then so is its result, and the stream has its last message or never
      // will.
      log.debug("Job {} of a resumed stream cannot be followed", id, e);
      return Optional.empty();
    }
  }

  private void finish(Caller caller, StreamRef stream, EventLog.Taken taken, Job job) {
    JsonNode requestId = Json.tree(taken.requestId());
    ObjectNode message;
    try {
      ObjectNode result =
          LegacyDialect.written(cut.of(job.id(), intake.outcome(caller, job.id()), LINKS));
      if (taken.kind().equals(TASK_RESULT)) {
        RelatedTask.mark(result, job.id());
      }
      message = Replies.result(requestId, result);
    } catch (RuntimeException e) {
      message = Replies.error(requestId, Failures.of(e).error());
    }
    try {
      events.append(stream, message, true, taken.owner());
    } catch (DataAccessException e) {
      log.warn(
          "The result of job {} did not reach its resumed stream; the client finds it with"
              + " continue_operation",
          job.id());
    }
  }
}
