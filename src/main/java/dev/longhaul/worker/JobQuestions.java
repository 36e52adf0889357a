package dev.longhaul.worker;

import dev.longhaul.catalog.AttemptContext.Stop;
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
 * Asks the client the questions of one running job's tool. While it waits, the job keeps its lease
 * and its thread, releases its slot unless too many jobs wait ({@link AskingJobs}), and its
 * time-out is paused. Answers are stored with the job, so a later attempt that asks the same
 * questions gets them at once.
 */
final class JobQuestions {
  private static final String STOPPED = "Stopped while waiting for an answer of its client";
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
  // Of this attempt: how often each question was asked, and whether any was asked.
  private final ReentrantLock askLock = new ReentrantLock();
  private final Map<String, Integer> times = new HashMap<>();
  private boolean asked;

  // Guarded by this object's monitor, which must not be held during a call of Redis: a Netty thread
  // takes it to wake the tool, and that call may need the same thread.
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

  /**
   * A mapper that writes equal questions as equal texts, for their digests. Creating it costs more
   * than a quick job, so there is one for all.
   */
  static JsonMapper sorting(JsonMapper json) {
    return json.rebuild().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();
  }

  /** Whether the tool is waiting for an answer. */
  synchronized boolean parked() {
    return waiting > 0;
  }

  /** Wakes the tool, because an answer has arrived or the job must stop. */
  synchronized void wake() {
    hints++;
    notifyAll();
  }

  /** Ends the wait: unanswered questions get the answer cancel. */
  synchronized void giveUp() {
    giveUp = true;
    notifyAll();
  }

  /** Asks the questions and waits for all answers. */
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
      // The job has been told to stop before its thread is interrupted. A tool may ask in another
      // thread, and end that wait while the job goes on.
      throw new JobStoppedException(STOPPED);
    } finally {
      unpark(pause, Duration.ofNanos(System.nanoTime() - from));
    }
  }

  private List<AskedQuestion> put(List<Question> questions) {
    askLock.lock();
    try {
      return putLocked(questions);
    } finally {
      askLock.unlock();
    }
  }

  private List<AskedQuestion> putLocked(List<Question> questions) {
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
      String digest =
          Digest.of(question.method() + " " + json.writeValueAsString(question.params()));
      String identity = digest + "#" + times.merge(digest, 1, Integer::sum);
      AskedQuestion same = byIdentity.get(identity);
      put.add(
          same != null
              ? same
              : new AskedQuestion(
                  new OpenQuestion(
                      unusedKey(question.key(), keys),
                      question.method(),
                      // In the order of the tool, which a form shows.
                      question.params().toString()),
                  identity,
                  null));
    }
    if (!queue.ask(job.id(), job.claim().token(), put, !asked).join()) {
      throw stopped();
    }
    asked = true;
    return put;
  }

  // A key must not be used twice in a job (tasks extension, Task Update).
  private static String unusedKey(@Nullable String wanted, Set<String> taken) {
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
      long seenHints = hints();
      List<JsonNode> known = refreshed(put);
      if (known.size() == put.size()) {
        return known;
      }
      if (!waitForMore(seenHints, end)) {
        return cancelled(put);
      }
    }
  }

  private synchronized long hints() {
    return hints;
  }

  /** Waits for a newer hint or the next read; false if the wait has ended. */
  private synchronized boolean waitForMore(long seenHints, long end) throws InterruptedException {
    if (giveUp || System.nanoTime() - end >= 0) {
      return false;
    }
    // Reads periodically without a hint, since hints can be lost.
    long nextRead = Math.min(end, System.nanoTime() + queue.lease().dividedBy(3).toNanos());
    while (hints == seenHints && !giveUp) {
      long left = Duration.ofNanos(nextRead - System.nanoTime()).toMillis();
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
      log.debug("The answers for job {} could not be read; the read is repeated", job.id(), e);
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

  // client/elicitation: cancel is the answer of a user who made no choice.
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
    return waiting++ == 0 ? releaseSlot() : Optional.empty();
  }

  private Optional<TimeLimits.Paused> releaseSlot() {
    gaveUpSlot = asking.beginWait(slot);
    return timeLimits.pause(job);
  }

  // With several waiting threads, the one that paused the job may not be the last to continue.
  private synchronized void unpark(Optional<TimeLimits.Paused> pause, Duration paused) {
    waiting--;
    if (pause.isPresent()) {
      job.call().prolong(paused);
      timeLimits.resume(job, pause.get(), paused);
    }
    if (waiting == 0) {
      asking.endWait(slot, gaveUpSlot);
    }
  }

  private JobStoppedException stopped() {
    if (job.call().stopped().isEmpty()) {
      job.stop(Stop.LOST);
    }
    return new JobStoppedException(STOPPED);
  }
}
