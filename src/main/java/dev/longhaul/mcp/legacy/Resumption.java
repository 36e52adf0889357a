package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.delivery.ResultCut;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sees to it that a resumed stream gets its last message even if the process that held the call is
 * gone. A job outlives it, and whoever owns the stream now waits for the job as well; a call that
 * was none has ended with its process, and its client is told so. The log takes one last message
 * only, so it makes no difference who is first.
 */
final class Resumption {
  /** The stream of tools/call: its answer is written as the plain call's. */
  static final String CALL = "call";

  /** The stream of tasks/result: its answer names the task. */
  static final String TASK_RESULT = "task";

  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Supervised RESUMED = new Supervised("the answers of resumed streams");

  private static final Logger log = LoggerFactory.getLogger(Resumption.class);

  private final Intake intake;
  private final EventLog events;
  private final ResultCut cut;
  private final ClientQuestions questions;
  private final Holders holders;
  private final Duration look;

  Resumption(
      Intake intake, EventLog events, ResultCut cut, ClientQuestions questions, Holders holders) {
    this(intake, events, cut, questions, holders, LOOK);
  }

  /**
   * @param look how often it asks whether the process that runs a call lives
   */
  Resumption(
      Intake intake,
      EventLog events,
      ResultCut cut,
      ClientQuestions questions,
      Holders holders,
      Duration look) {
    this.intake = intake;
    this.events = events;
    this.cut = cut;
    this.questions = questions;
    this.holders = holders;
    this.look = look;
  }

  /** Begins to see to the last message of a stream that was taken over. */
  Optional<Watch> follow(Caller caller, StreamRef stream, EventLog.Taken taken) {
    if (taken.requestId().isEmpty()) {
      return Optional.empty();
    }
    if (!JobId.isValid(taken.job())) {
      return taken.holder().isEmpty() ? Optional.empty() : Optional.of(guard(stream, taken));
    }
    JobId id = new JobId(taken.job());
    try {
      return Optional.of(intake.follow(caller, id, job -> changed(caller, stream, taken, job)));
    } catch (IntakeException.UnknownJob e) {
      // Forgotten, and its result with it: either the stream has its last message, or never will.
      log.debug("Job {} of a resumed stream is forgotten", id, e);
      end(stream, taken, Failures.of(e).error());
      return Optional.empty();
    }
  }

  private void changed(Caller caller, StreamRef stream, EventLog.Taken taken, Job job) {
    if (job.state().terminal()) {
      untilStored(() -> finish(caller, stream, taken, job));
    } else if (job.state() == JobState.INPUT_REQUIRED) {
      untilStored(() -> ask(caller, stream, job));
    }
  }

  /** What the process that held the call has not asked, because it is gone. */
  private void ask(Caller caller, StreamRef stream, Job job) {
    for (OpenQuestion question : intake.questions(caller, job.id())) {
      questions.askUnlessAsked(
          stream.session(),
          new StreamReply(events, stream),
          job.id(),
          question.key(),
          question.method(),
          Json.object(question.params()));
    }
  }

  private void finish(Caller caller, StreamRef stream, EventLog.Taken taken, Job job) {
    JsonNode requestId = Json.tree(taken.requestId());
    ObjectNode message;
    try {
      ObjectNode result = LegacyDialect.written(cut.of(job.id(), intake.outcome(caller, job)));
      if (taken.kind().equals(TASK_RESULT)) {
        RelatedTask.mark(result, job.id());
      }
      message = Replies.result(requestId, result);
    } catch (IntakeException.Unavailable e) {
      throw e;
    } catch (RuntimeException e) {
      message = Replies.error(requestId, Failures.of(e).error());
    }
    events.append(stream, message, true, taken.owner());
  }

  /** Waits for the process that runs the call, as long as it lives. */
  private Watch guard(StreamRef stream, EventLog.Taken taken) {
    Thread thread =
        Threads.virtual(
            "longhaul-mcp-guard",
            () -> {
              try {
                boolean lives = true;
                while (lives) {
                  Thread.sleep(look);
                  lives = livesOrUnknown(taken.holder());
                }
                end(
                    stream,
                    taken,
                    new RpcError(
                        ErrorCode.INTERNAL_ERROR,
                        "The process that ran this call is gone; send the request again if it may"
                            + " be repeated."));
              } catch (InterruptedException e) {
                log.trace("Nobody reads stream {} here any more", stream.id());
              }
            });
    return thread::interrupt;
  }

  private boolean livesOrUnknown(String holder) {
    try {
      return holders.lives(holder);
    } catch (RuntimeException | Error e) {
      RESUMED.failed(e);
      return true;
    }
  }

  private void end(StreamRef stream, EventLog.Taken taken, RpcError error) {
    ObjectNode message = Replies.error(Json.tree(taken.requestId()), error);
    untilStored(() -> events.append(stream, message, true, taken.owner()));
  }

  /** Repeats it while Redis is away, until whoever follows the stream has left. */
  private static void untilStored(Runnable work) {
    try {
      RESUMED.untilItWorks(work::run);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
