package dev.longhaul.mcp.legacy;

import dev.longhaul.catalog.AnswerCheck;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.job.RandomText;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests of this server to its clients. Each goes out on one stream under a random id; the store
 * knows which question that is, so the answer may be posted to any process.
 */
final class ClientQuestions {
  /** How often whoever waits looks without a hint. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Between two looks while Redis is away. */
  private static final Duration OUTAGE = Duration.ofMillis(250);

  private static final Supervised ANSWERS = new Supervised("waiting for the answers of clients");

  private static final int LARGEST_ANSWER = 1 << 20;
  private static final int ID_BYTES = 15;
  private static final Pattern ID = Pattern.compile("lh-[A-Za-z0-9_-]{20}");

  /** Stands where the id of a question is while the client has only seen that one is open. */
  private static final String SEEN = "seen";

  private static final String JOB = "job";
  private static final String KEY = "key";
  private static final String METHOD = "method";
  private static final String PARAMS = "params";

  private final QuestionStore store;
  private final Signals signals;
  private final PushStreams pushStreams;
  private final Operations operations;
  private final Duration inputTtl;

  /**
   * @param inputTtl how long a client may take to answer
   */
  ClientQuestions(
      QuestionStore store,
      Signals signals,
      PushStreams pushStreams,
      Operations operations,
      Duration inputTtl) {
    this.store = store;
    this.signals = signals;
    this.pushStreams = pushStreams;
    this.operations = operations;
    this.inputTtl = inputTtl;
  }

  /**
   * Sends a job's question; its answer goes to the job, from whichever process it arrives at.
   *
   * @return whether the client has a stream to be asked on
   */
  boolean ask(
      String session, Reply reply, JobId job, String key, String method, ObjectNode params) {
    String id = nextId();
    String before = store.lastAsked(session, job, key);
    if (before != null && store.find(session, before).isPresent()) {
      // Its stream may be gone, so it is asked anew; a client that has it open need not ask twice.
      ObjectNode cancelled = Replies.object().put("requestId", before);
      cancelled.put("reason", "The same is asked again on this stream.");
      reply.send(Replies.notification("notifications/cancelled", cancelled));
    }
    store.asked(session, job, key, id);
    ObjectNode stored = Replies.object().put(JOB, job.value()).put(KEY, key).put(METHOD, method);
    return send(session, reply, id, stored, method, params);
  }

  /** The same, unless somebody has asked it in this session and it is open. */
  boolean askUnlessAsked(
      String session, Reply reply, JobId job, String key, String method, ObjectNode params) {
    String before = store.lastAsked(session, job, key);
    return (before != null && store.find(session, before).isPresent())
        || ask(session, reply, job, key, method, params);
  }

  /**
   * The same for a client that only polls. One that follows the revision asks for the result when
   * it sees that its task waits, and is asked on that stream; asked at its first look already, it
   * would be asked twice.
   */
  void askAtTheSecondLook(
      String session, Reply reply, JobId job, String key, String method, ObjectNode params) {
    if (store.lastAsked(session, job, key) != null) {
      var _ = askUnlessAsked(session, reply, job, key, method, params);
    } else {
      store.asked(session, job, key, SEEN);
    }
  }

  /**
   * Sends an inline tool's question.
   *
   * @return the id to wait for; empty if the client has no stream to be asked on
   */
  Optional<String> ask(String session, Reply reply, String method, ObjectNode params) {
    ObjectNode stored = Replies.object().put(METHOD, method);
    stored.set(PARAMS, params);
    String id = nextId();
    return send(session, reply, id, stored, method, params) ? Optional.of(id) : Optional.empty();
  }

  /** Waits for the answer to an inline tool's question; empty if none comes in time. */
  Optional<ObjectNode> await(String session, String id) throws InterruptedException {
    Semaphore hints = new Semaphore(0);
    long end = System.nanoTime() + inputTtl.toNanos();
    try (var _ = signals.on(Signals.answered(session, id), hints::release)) {
      while (true) {
        Duration pause = LOOK;
        try {
          String answer = store.takeAnswer(session, id);
          ANSWERS.worked();
          if (answer != null) {
            return Optional.of(Json.object(answer));
          }
        } catch (RuntimeException | Error e) {
          // The client may be answering at this moment; whoever waits outlives an outage.
          ANSWERS.failed(e);
          pause = OUTAGE;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          return Optional.empty();
        }
        var _ = hints.tryAcquire(Math.min(left, pause.toNanos()), TimeUnit.NANOSECONDS);
      }
    } finally {
      forget(session, id);
    }
  }

  // Left behind, it ends with its time to live.
  private void forget(String session, String id) {
    try {
      store.close(session, id);
    } catch (RuntimeException | Error e) {
      ANSWERS.failed(e);
    }
  }

  /**
   * Takes a client's answer. One to a question that is unknown, or was answered before, is ignored.
   *
   * @throws RpcException 400 if it is no answer to its question; another one may follow
   */
  void answered(String session, Caller caller, Message.Response response) {
    String id = response.id().stringValue("");
    if (!ID.matcher(id).matches()) {
      return;
    }
    Optional<String> stored = store.find(session, id);
    if (stored.isEmpty()) {
      return;
    }
    ObjectNode question = Json.object(stored.get());
    ObjectNode answer = ClientAnswers.of(question.path(METHOD).asString(), response.body());
    String job = question.path(JOB).stringValue(null);
    if (job != null) {
      answerJob(caller, new JobId(job), question.path(KEY).asString(), answer);
    } else {
      check(question, answer);
      store.answer(session, id, Json.text(answer));
      signals.publish(Signals.answered(session, id));
    }
    store.close(session, id);
  }

  private void answerJob(Caller caller, JobId job, String key, ObjectNode answer) {
    try {
      operations.answer(caller, job, Map.of(key, answer));
    } catch (IntakeException e) {
      switch (e.refusal()) {
        case Refusal.BadRequest bad -> throw refused(bad.message());
        case Refusal.UnknownJob _ -> {} // forgotten or cancelled; the client could not know
        // Not 200, which would say that the answer was taken: the client is to send it again.
        case Refusal.Unavailable away ->
            throw new RpcException(503, ErrorCode.UNAVAILABLE, away.message());
        default -> throw e;
      }
    }
  }

  private static void check(ObjectNode question, ObjectNode answer) {
    if (Json.text(answer).length() > LARGEST_ANSWER) {
      throw refused("The answer is larger than " + LARGEST_ANSWER + " characters.");
    }
    AnswerCheck.problem(question.path(METHOD).asString(), question.path(PARAMS), answer)
        .ifPresent(problem -> {
          throw refused("The answer cannot be taken: " + problem + ".");
        });
  }

  private static RpcException refused(String why) {
    return new RpcException(400, ErrorCode.INVALID_PARAMS, why);
  }

  // Known before it is sent: the answer may be there before this thread goes on.
  private boolean send(
      String session,
      Reply reply,
      String id,
      ObjectNode stored,
      String method,
      @Nullable ObjectNode params) {
    store.open(session, id, Json.text(stored));
    ObjectNode request = Replies.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
    if (params != null) {
      request.set("params", (JsonNode) params);
    }
    if (reply.canStream()) {
      reply.send(request);
      return true;
    }
    if (pushStreams.send(session, request)) {
      return true;
    }
    store.close(session, id);
    return false;
  }

  private static String nextId() {
    return "lh-" + RandomText.base64(ID_BYTES);
  }
}
