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
 * Sends this server's requests to its clients. Each is sent on one stream under a random id and
 * stored under that id, so the client may post its answer to any process.
 */
final class ClientQuestions {
  /** How often the store is read without a signal. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

  /** The pause between two reads while Redis is not available. */
  private static final Duration RETRY_DELAY = Duration.ofMillis(250);

  private static final Supervised ANSWERS = new Supervised("waiting for answers of clients");

  private static final int LARGEST_ANSWER = 1 << 20;
  private static final int ID_BYTES = 15;
  private static final Pattern ID = Pattern.compile("lh-[A-Za-z0-9_-]{20}");

  /**
   * Stored instead of a question's id while the client has only seen that its task waits for input.
   */
  private static final String SEEN_ONCE = "seen";

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
   * Sends a job's question. The process that receives the answer passes it to the job.
   *
   * @return whether the client has a stream on which it can be asked
   */
  boolean ask(
      String session, Reply reply, JobId job, String key, String method, ObjectNode params) {
    String id = nextId();
    String before = store.lastAsked(session, job, key);
    if (before != null && store.find(session, before).isPresent()) {
      // Its stream may be lost, so the question is sent again; the cancellation keeps a client that
      // still shows the first one from showing it twice.
      ObjectNode cancelled = Replies.object().put("requestId", before);
      cancelled.put("reason", "The same question is asked again on this stream.");
      reply.send(Replies.notification("notifications/cancelled", cancelled));
    }
    store.asked(session, job, key, id);
    ObjectNode stored = Replies.object().put(JOB, job.value()).put(KEY, key).put(METHOD, method);
    return send(session, reply, id, stored, method, params);
  }

  /** Sends a job's question unless it was sent in this session and is still open. */
  boolean askUnlessAsked(
      String session, Reply reply, JobId job, String key, String method, ObjectNode params) {
    String before = store.lastAsked(session, job, key);
    return (before != null && store.find(session, before).isPresent())
        || ask(session, reply, job, key, method, params);
  }

  /**
   * Sends a job's question to a client that only polls its task, at its second poll. A client that
   * follows the specification calls tasks/result when it sees that its task needs input and is
   * asked on that stream; sending the question at its first poll would ask it twice.
   */
  void askOnSecondPoll(
      String session, Reply reply, JobId job, String key, String method, ObjectNode params) {
    if (store.lastAsked(session, job, key) != null) {
      var _ = askUnlessAsked(session, reply, job, key, method, params);
    } else {
      store.asked(session, job, key, SEEN_ONCE);
    }
  }

  /**
   * Sends an inline tool's question.
   *
   * @return the id to wait for; empty if the client has no stream on which it can be asked
   */
  Optional<String> ask(String session, Reply reply, String method, ObjectNode params) {
    ObjectNode stored = Replies.object().put(METHOD, method);
    stored.set(PARAMS, params);
    String id = nextId();
    return send(session, reply, id, stored, method, params) ? Optional.of(id) : Optional.empty();
  }

  /** Waits for the answer to an inline tool's question; empty if none arrives in time. */
  Optional<ObjectNode> await(String session, String id) throws InterruptedException {
    Semaphore hints = new Semaphore(0);
    long end = System.nanoTime() + inputTtl.toNanos();
    try (var _ = signals.on(Signals.answered(session, id), hints::release)) {
      while (true) {
        Duration pause = POLL_INTERVAL;
        try {
          String answer = store.takeAnswer(session, id);
          ANSWERS.worked();
          if (answer != null) {
            return Optional.of(Json.object(answer));
          }
        } catch (RuntimeException | Error e) {
          // The wait continues through an outage, since the client may be answering right now.
          ANSWERS.failed(e);
          pause = RETRY_DELAY;
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

  // If this fails, the entry expires by its time to live.
  private void forget(String session, String id) {
    try {
      store.close(session, id);
    } catch (RuntimeException | Error e) {
      ANSWERS.failed(e);
    }
  }

  /**
   * Accepts a client's answer. An answer to an unknown or already answered question is ignored.
   *
   * @throws RpcException 400 if the answer is invalid for its question; the client may send another
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
        case Refusal.UnknownJob _ -> {} // expired or cancelled, which the client could not know
        // Not 200, which would confirm the answer: the client has to send it again.
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
          throw refused("The answer is not valid: " + problem + ".");
        });
  }

  private static RpcException refused(String why) {
    return new RpcException(400, ErrorCode.INVALID_PARAMS, why);
  }

  // Stored before it is sent, because the answer may arrive before this thread continues.
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
