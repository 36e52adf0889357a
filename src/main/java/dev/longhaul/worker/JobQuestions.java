package dev.longhaul.worker;

import dev.longhaul.catalog.RunningCall.Stop;
import dev.longhaul.job.Digest;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.queue.AskedQuestion;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the tool of one running job asks its client. While it waits, the job keeps its lease and its
 * thread, holds no slot unless too many wait ({@link AskingJobs}), and its time stands still.
 * Answers are stored with the job, so that a later attempt that asks the same has them at once.
 */
final class JobQuestions {
  private static final Logger log = LoggerFactory.getLogger(JobQuestions.class);
  private static final String CANCEL = "{\"action\":\"cancel\"}";
  private static final int MAX_QUESTIONS = 200;

  private final WorkQueue queue;
  private final RunningJob job;
  private final TimeLimits timeLimits;
  private final Slot slot;
  private final AskingJobs asking;
  private final Duration inputTtl;
  private final JsonMapper json;
  // Of this attempt: how often each question was asked, and whether any was.
  private final ReentrantLock putting = new ReentrantLock();
  private final Map<String, Integer> times = new HashMap<>();
  private boolean asked;

  // Under this object's monitor, which nobody holds while he waits for Redis: a thread of Netty
  // takes it to wake us, and answers of Redis may wait for that very thread.
  private long hints;
  private boolean giveUp;
  private int waiting;
  private boolean gaveUpSlot;

  /**
   * @param json {@link #sorting}
   */
  JobQuestions(
      WorkQueue queue,
      RunningJob job,
      TimeLimits timeLimits,
      Slot slot,
      AskingJobs asking,
      Duration inputTtl,
      JsonMapper json) {
    this.queue = queue;
    this.job = job;
    this.timeLimits = timeLimits;
    this.slot = slot;
    this.asking = asking;
    this.inputTtl = inputTtl;
    this.json = json;
  }

  /** Writes equal questions as equal texts. Made once: making it costs more than a quick job. */
  static JsonMapper sorting(JsonMapper json) {
    return json.rebuild().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();
  }

  /** Whether the tool waits for an answer now. */
  synchronized boolean parked() {
    return waiting > 0;
  }

  /** Something has changed: an answer has come, or the job is to stop. */
  synchronized void wake() {
    hints++;
    notifyAll();
  }

  /** Waits no longer: what is not answered now is answered with a cancel. */
  synchronized void giveUp() {
    giveUp = true;
    notifyAll();
  }

  /** Asks, and waits for all the answers. */
  List<JsonNode> ask(List<Question> questions) {
    List<AskedQuestion> put = put(questions);
    List<JsonNode> known = answers(put);
    if (known.size() == put.size()) {
      return known;
    }
    Optional<TimeLimits.Paused> pause = park();
    long from = System.nanoTime();
    try {
      return await(put, from);
    } catch (InterruptedException e) {
      throw stopped();
    } finally {
      unpark(pause, Duration.ofNanos(System.nanoTime() - from));
    }
  }

  private List<AskedQuestion> put(List<Question> questions) {
    putting.lock();
    try {
      return putAlone(questions);
    } finally {
      putting.unlock();
    }
  }

  private List<AskedQuestion> putAlone(List<Question> questions) {
    List<AskedQuestion> known = queue.questions(job.id()).join();
    if (known.size() + questions.size() > MAX_QUESTIONS) {
      throw new PermanentFailureException(
          "A call may ask at most "
              + MAX_QUESTIONS
              + " questions; ask for several things at once.");
    }
    Map<String, AskedQuestion> byIdentity =
        known.stream()
            .collect(Collectors.toMap(AskedQuestion::identity, Function.identity(), (a, b) -> a));
    Set<String> keys = new HashSet<>();
    known.forEach(each -> keys.add(each.question().key()));
    List<AskedQuestion> put = new ArrayList<>();
    for (Question question : questions) {
      String params = json.writeValueAsString(question.params());
      String digest = Digest.of(question.method() + " " + params);
      String identity = digest + "#" + times.merge(digest, 1, Integer::sum);
      AskedQuestion same = byIdentity.get(identity);
      put.add(
          same != null
              ? same
              : new AskedQuestion(
                  new OpenQuestion(free(question.key(), keys), question.method(), params),
                  identity,
                  null));
    }
    if (!queue.ask(job.id(), job.claim().token(), put, !asked).join()) {
      throw stopped();
    }
    asked = true;
    return put;
  }

  // Never used twice in a job's life (tasks extension, Task Update).
  private static String free(@Nullable String wanted, Set<String> taken) {
    String name = wanted == null ? "q" : wanted;
    String key = name;
    for (int i = 2; !taken.add(key); i++) {
      key = name + "-" + i;
    }
    return key;
  }

  private List<JsonNode> await(List<AskedQuestion> put, long from) throws InterruptedException {
    long end = from + inputTtl.toNanos();
    while (true) {
      if (job.call().stopped().isPresent()) {
        throw stopped();
      }
      long heard = heard();
      List<JsonNode> known = refreshed(put);
      if (known.size() == put.size()) {
        return known;
      }
      if (!waitForMore(heard, end)) {
        return cancelled(put);
      }
    }
  }

  private synchronized long heard() {
    return hints;
  }

  /** Waits for a hint that has come since; false if the wait is over. */
  private synchronized boolean waitForMore(long heard, long end) throws InterruptedException {
    if (giveUp || System.nanoTime() - end >= 0) {
      return false;
    }
    // Now and then without a hint: hints can be lost.
    long look = Math.min(end, System.nanoTime() + queue.lease().dividedBy(3).toNanos());
    while (hints == heard && !giveUp) {
      long left = Duration.ofNanos(look - System.nanoTime()).toMillis();
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return true;
  }

  private List<JsonNode> refreshed(List<AskedQuestion> put) {
    try {
      return answers(put);
    } catch (CompletionException e) {
      log.debug("Whether job {} was answered is asked again", job.id(), e);
      return List.of();
    }
  }

  private List<JsonNode> answers(List<AskedQuestion> put) {
    Map<String, AskedQuestion> now = new HashMap<>();
    queue.questions(job.id()).join().forEach(each -> now.put(each.question().key(), each));
    List<JsonNode> answers = new ArrayList<>();
    for (AskedQuestion question : put) {
      AskedQuestion stored = now.get(question.question().key());
      if (stored != null && stored.answer() != null) {
        answers.add(json.readTree(stored.answer()));
      }
    }
    return answers;
  }

  // client/elicitation: a cancel is the answer of a user who made no choice.
  private List<JsonNode> cancelled(List<AskedQuestion> put) {
    Map<String, String> cancels = new HashMap<>();
    for (AskedQuestion question : put) {
      if (question.question().method().equals(Question.ELICITATION)) {
        cancels.put(question.question().key(), CANCEL);
      }
    }
    if (!cancels.isEmpty()) {
      var _ = queue.answer(job.id(), cancels).join();
    }
    List<JsonNode> answers = answers(put);
    if (answers.size() < put.size()) {
      throw new PermanentFailureException(
          "The client did not answer within " + inputTtl + " (longhaul.worker.input-ttl).");
    }
    return answers;
  }

  private synchronized Optional<TimeLimits.Paused> park() {
    return waiting++ == 0 ? released() : Optional.empty();
  }

  private Optional<TimeLimits.Paused> released() {
    gaveUpSlot = asking.waits(slot);
    return timeLimits.pause(job);
  }

  // Of several threads that wait, the one that parked the job may not be the last one to go on.
  private synchronized void unpark(Optional<TimeLimits.Paused> pause, Duration paused) {
    waiting--;
    if (pause.isPresent()) {
      job.call().prolong(paused);
      timeLimits.resume(job, pause.get(), paused);
    }
    if (waiting == 0) {
      asking.goesOn(slot, gaveUpSlot);
    }
  }

  private JobStoppedException stopped() {
    if (job.call().stopped().isEmpty()) {
      job.stop(Stop.LOST);
    }
    return new JobStoppedException("Stopped while it waited for an answer of its client");
  }
}
