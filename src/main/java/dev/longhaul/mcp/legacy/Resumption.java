package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.CallInput;
import dev.longhaul.mcp.delivery.ProgressFeed;
import dev.longhaul.mcp.delivery.ResumedCall;
import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.stream.AwaitedJob;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Failures;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sees to it that a resumed stream goes on, whatever has become of the process that held its call.
 * A call that waits for a job is held from now on where its client is: the process before, if it
 * lives, gives it up when it sees that the stream has another owner, and so does this one if the
 * client takes the stream over once more. A call that is no job can be answered by its own process
 * alone; when that is gone, the client is told so.
 */
final class Resumption {
  /** The stream of a call: its answer is written as the plain call's. */
  static final String CALL = "call";

  /** The stream of tasks/result: its answer names the task. */
  static final String TASK_RESULT = "task";

  static final Duration LOOK = Duration.ofSeconds(10);
  private static final Supervised RESUMED = new Supervised("the answers of resumed streams");

  private static final Logger log = LoggerFactory.getLogger(Resumption.class);

  private final EventLog events;
  private final Signals signals;
  private final InFlight inFlight;
  private final DetachedRequests detached;
  private final ClientQuestions questions;
  private final Holders holders;
  private final Waiting waiting;
  private final Duration look;

  /** Goes on with a held call, and answers it. */
  @FunctionalInterface
  interface Waiting {
    void takeOver(Call call, ResumedCall resumed) throws InterruptedException;
  }

  /**
   * @param look how often it asks whether the process that runs a call lives
   */
  Resumption(
      EventLog events,
      Signals signals,
      InFlight inFlight,
      DetachedRequests detached,
      ClientQuestions questions,
      Holders holders,
      Waiting waiting,
      Duration look) {
    this.events = events;
    this.signals = signals;
    this.inFlight = inFlight;
    this.detached = detached;
    this.questions = questions;
    this.holders = holders;
    this.waiting = waiting;
    this.look = look;
  }

  /** What sees to the last message of a stream while its client is connected here. */
  interface Follower extends AutoCloseable {
    /** The client has left, and the stream has not ended. */
    default void clientLeft() {}

    @Override
    default void close() {}
  }

  private static final Follower NOBODY = new Follower() {};

  /** Begins to see to the last message of a stream that was taken over. */
  Follower follow(Exchange exchange, Session session, StreamRef stream, Taken taken) {
    JsonNode requestId = taken.requestId();
    if (requestId == null || taken.ended()) {
      return NOBODY;
    }
    return taken
        .awaited()
        .map(awaited -> held(exchange, session, stream, taken, awaited, requestId))
        .orElseGet(() -> guarded(stream, taken, requestId));
  }

  private Follower held(
      Exchange exchange,
      Session session,
      StreamRef stream,
      Taken taken,
      AwaitedJob awaited,
      JsonNode requestId) {
    if (!detached.enter(session.id())) {
      throw new RpcException(503, DetachedRequests.tooMany());
    }
    ResumedReply reply = new ResumedReply(events, stream, taken.owner());
    Call call = call(exchange, session, reply, taken, awaited.job(), requestId);
    var progress = ProgressFeed.after(taken.lastProgress(), taken.progressToken(), call.reply());
    ResumedCall resumed =
        new ResumedCall(awaited, System.nanoTime() - taken.waited().toNanos(), progress);
    var _ =
        Threads.virtual(
            "longhaul-mcp-resumed",
            () -> {
              try {
                serve(session, stream, reply, call, resumed);
              } finally {
                detached.leave(session.id());
              }
            });
    return new Follower() {
      @Override
      public void clientLeft() {
        reply.clientLeft();
      }
    };
  }

  private void serve(
      Session session, StreamRef stream, ResumedReply reply, Call call, ResumedCall resumed) {
    try (var _ = signals.on(Signals.taken(stream), () -> hint(reply))) {
      inFlight.during(session.id(), call, () -> goOn(reply, call, resumed));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void goOn(ResumedReply reply, Call call, ResumedCall resumed)
      throws InterruptedException {
    RESUMED.untilItWorks(() -> {
      try {
        waiting.takeOver(call, resumed);
      } catch (RuntimeException e) {
        if (e instanceof IntakeException refused
            && refused.refusal() instanceof Refusal.Unavailable) {
          throw e;
        }
        reply.finish(200, Replies.error(call.id(), Failures.of(e).error()));
      }
    });
  }

  // Asks Redis, for which whoever brings the hint must not wait.
  private static void hint(ResumedReply reply) {
    var _ = Threads.virtual("longhaul-mcp-taken", reply::look);
  }

  private Call call(
      Exchange exchange,
      Session session,
      ResumedReply written,
      Taken taken,
      JobId job,
      JsonNode requestId) {
    boolean task = taken.kind().equals(TASK_RESULT);
    Reply reply = task ? new RelatedReply(written, job) : written;
    ObjectNode params = Replies.object().put("name", "");
    params.putObject("arguments");
    return new Call(
        Call.TOOLS_CALL,
        exchange.caller(),
        requestId,
        params,
        taken.progressToken(),
        false,
        session.client(Map.of()),
        session.clientName(),
        session.id(),
        exchange.baseUrl(),
        task ? LegacyTasks.dialect(job) : new LegacyDialect(),
        new Wait(),
        reply,
        SessionQuestioner.resumed(questions, session.id(), reply, task ? job : null),
        CallInput.NONE);
  }

  /** Waits for the process that runs the call, as long as it lives. */
  private Follower guarded(StreamRef stream, Taken taken, JsonNode requestId) {
    String holder = taken.holder();
    if (holder == null) {
      return NOBODY;
    }
    RpcError gone =
        new RpcError(
            ErrorCode.INTERNAL_ERROR,
            "The process that ran this call is gone; send the request again if it may be"
                + " repeated.");
    Thread thread =
        Threads.virtual(
            "longhaul-mcp-guard",
            () -> {
              try {
                boolean lives = true;
                while (lives) {
                  Thread.sleep(look);
                  lives = livesOrUnknown(holder);
                }
                ObjectNode message = Replies.error(requestId, gone);
                RESUMED.untilItWorks(() -> events.append(stream, message, true, taken.owner()));
              } catch (InterruptedException e) {
                log.trace("Nobody reads stream {} here any more", stream.id());
              }
            });
    return new Follower() {
      @Override
      public void close() {
        thread.interrupt();
      }
    };
  }

  private boolean livesOrUnknown(String holder) {
    try {
      return holders.lives(holder);
    } catch (RuntimeException | Error e) {
      RESUMED.failed(e);
      return true;
    }
  }
}
