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
 * Continues the calls of resumed streams, even if the process that held them has died. A call that
 * waits for a job is then held by the process that its client is connected to; the previous process
 * drops it when it sees that the stream has another owner. A call without a job can be finished
 * only by the process that runs it; if that has died, the client gets an error.
 */
final class Resumption {
  /** The stream of a call. */
  static final String CALL = "call";

  /** The stream of tasks/result, whose result is marked with the task. */
  static final String TASK_RESULT = "task";

  static final Duration LIVENESS_INTERVAL = Duration.ofSeconds(10);
  private static final Supervised RESUMED = new Supervised("finishing resumed streams");

  private static final Logger log = LoggerFactory.getLogger(Resumption.class);

  private final EventLog events;
  private final Signals signals;
  private final InFlight inFlight;
  private final DetachedRequests detached;
  private final ClientQuestions questions;
  private final ProcessLease lease;
  private final Continuation continuation;
  private final Duration livenessInterval;

  /** Continues a held call and sends its response. */
  @FunctionalInterface
  interface Continuation {
    void takeOver(Call call, ResumedCall resumed) throws InterruptedException;
  }

  /**
   * @param livenessInterval how often to check that the process that runs a call is alive
   */
  Resumption(
      EventLog events,
      Signals signals,
      InFlight inFlight,
      DetachedRequests detached,
      ClientQuestions questions,
      ProcessLease lease,
      Continuation continuation,
      Duration livenessInterval) {
    this.events = events;
    this.signals = signals;
    this.inFlight = inFlight;
    this.detached = detached;
    this.questions = questions;
    this.lease = lease;
    this.continuation = continuation;
    this.livenessInterval = livenessInterval;
  }

  /** The work behind a resumed stream while its client is connected here. */
  interface Attachment extends AutoCloseable {
    /** The client has disconnected before the end of the stream. */
    default void clientLeft() {}

    @Override
    default void close() {}
  }

  private static final Attachment NONE = new Attachment() {};

  /** Begins to continue or guard the call of a stream that was taken over. */
  Attachment attach(Exchange exchange, Session session, StreamRef stream, StreamTakeover taken) {
    JsonNode requestId = taken.requestId();
    if (requestId == null || taken.ended()) {
      return NONE;
    }
    return taken
        .awaited()
        .map(awaited -> held(exchange, session, stream, taken, awaited, requestId))
        .orElseGet(() -> guarded(stream, taken, requestId));
  }

  private Attachment held(
      Exchange exchange,
      Session session,
      StreamRef stream,
      StreamTakeover taken,
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
    return new Attachment() {
      @Override
      public void clientLeft() {
        reply.clientLeft();
      }
    };
  }

  private void serve(
      Session session, StreamRef stream, ResumedReply reply, Call call, ResumedCall resumed) {
    try (var _ = signals.on(Signals.taken(stream), () -> checkOwnerSoon(reply))) {
      inFlight.during(session.id(), call, () -> continueCall(reply, call, resumed));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void continueCall(ResumedReply reply, Call call, ResumedCall resumed)
      throws InterruptedException {
    RESUMED.untilItWorks(() -> {
      try {
        continuation.takeOver(call, resumed);
      } catch (RuntimeException e) {
        if (e instanceof IntakeException refused
            && refused.refusal() instanceof Refusal.Unavailable) {
          throw e;
        }
        reply.finish(200, Replies.error(call.id(), Failures.of(e).error()));
      }
    });
  }

  // Calls Redis, which must not block the thread that delivers signals.
  private static void checkOwnerSoon(ResumedReply reply) {
    var _ = Threads.virtual("longhaul-mcp-owner", reply::checkOwner);
  }

  private Call call(
      Exchange exchange,
      Session session,
      ResumedReply written,
      StreamTakeover taken,
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
        new Call.Sender(
            session.client(Map.of()), session.clientName(), session.id(), exchange.baseUrl()),
        task ? LegacyTasks.dialect(job) : new LegacyDialect(),
        new Wait(),
        reply,
        SessionQuestioner.resumed(questions, session.id(), reply, task ? job : null),
        CallInput.NONE);
  }

  /** Ends the stream with an error if the process that runs the call dies. */
  private Attachment guarded(StreamRef stream, StreamTakeover taken, JsonNode requestId) {
    String process = taken.process();
    if (process == null) {
      return NONE;
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
                boolean alive = true;
                while (alive) {
                  Thread.sleep(livenessInterval);
                  alive = isAliveOrUnknown(process);
                }
                ObjectNode message = Replies.error(requestId, gone);
                RESUMED.untilItWorks(() -> events.append(stream, message, true, taken.owner()));
              } catch (InterruptedException e) {
                log.trace("The client has disconnected from stream {}", stream.id());
              }
            });
    return new Attachment() {
      @Override
      public void close() {
        thread.interrupt();
      }
    };
  }

  private boolean isAliveOrUnknown(String process) {
    try {
      return lease.isAlive(process);
    } catch (RuntimeException | Error e) {
      RESUMED.failed(e);
      return true;
    }
  }
}
