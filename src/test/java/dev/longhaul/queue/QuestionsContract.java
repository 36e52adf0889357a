package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract for questions of a job's tool, for every adapter of the queue. */
public abstract class QuestionsContract {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final AskedQuestion NAME = question("name", "what is your name?");
  private static final AskedQuestion AGE = question("age", "how old are you?");

  protected abstract JobQueue jobs();

  protected abstract WorkQueue work();

  /** Makes every lease expire. */
  protected abstract void expireLeases();

  private static AskedQuestion question(String key, String message) {
    String params = "{\"message\":\"" + message + "\"}";
    return new AskedQuestion(
        new OpenQuestion(key, "elicitation/create", params), message + "#1", null);
  }

  private Claim running() {
    JobRequest request =
        new JobRequest(
            "tools/call",
            "greet",
            "{\"name\":\"greet\"}",
            "local",
            "default",
            Priority.DEFAULT,
            Duration.ZERO,
            false,
            LONG,
            LONG,
            new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true),
            Map.of());
    jobs().enqueue(List.of(request));
    return claimed();
  }

  private Claim claimed() {
    Claim claim = work().step(List.of(), List.of("default"), 1).join().claims().getFirst();
    assertThat(work().start(List.of(claim)).join()).containsExactly(claim.id());
    return claim;
  }

  private boolean ask(Claim claim, boolean first, AskedQuestion... questions) {
    return work().ask(claim.id(), claim.token(), List.of(questions), first).join();
  }

  private JobState state(JobId id) {
    return jobs().find(id).orElseThrow().state();
  }

  private List<String> open(JobId id) {
    return jobs().questions(id).stream().map(OpenQuestion::key).toList();
  }

  @Test
  void aJobThatAsksWaitsUntilEverythingIsAnswered() {
    Claim claim = running();
    assertThat(ask(claim, true, NAME, AGE)).isTrue();

    assertThat(state(claim.id())).isEqualTo(JobState.INPUT_REQUIRED);
    assertThat(jobs().questions(claim.id())).containsExactly(NAME.question(), AGE.question());
    assertThat(jobs().find(claim.id()).orElseThrow().questions()).isEqualTo(2);

    assertThat(jobs().answer(claim.id(), Map.of("name", "{\"action\":\"decline\"}"))).isEqualTo(1);
    assertThat(open(claim.id())).containsExactly("age");
    assertThat(state(claim.id())).isEqualTo(JobState.INPUT_REQUIRED);

    assertThat(jobs().answer(claim.id(), Map.of("age", "{}"))).isEqualTo(1);
    assertThat(open(claim.id())).isEmpty();
    assertThat(state(claim.id())).isEqualTo(JobState.RUNNING);
    assertThat(work().questions(claim.id()).join())
        .extracting(AskedQuestion::answer)
        .containsExactly("{\"action\":\"decline\"}", "{}");
  }

  @Test
  void anAnswerIsTakenOnceAndOnlyToWhatWasAsked() {
    Claim claim = running();
    ask(claim, true, NAME);
    assertThat(jobs().answer(claim.id(), Map.of("other", "1"))).isZero();
    assertThat(jobs().answer(claim.id(), Map.of("name", "1"))).isEqualTo(1);
    assertThat(jobs().answer(claim.id(), Map.of("name", "2"))).isZero();
    assertThat(work().questions(claim.id()).join().getFirst().answer()).isEqualTo("1");
    assertThat(jobs().answer(JobId.create(1, 0), Map.of("name", "1"))).isZero();
  }

  @Test
  void withoutAValidLeaseNothingIsAsked() {
    Claim claim = running();
    LeaseToken wrong = new LeaseToken(claim.token().fence(), "other");
    assertThat(work().ask(claim.id(), wrong, List.of(NAME), true).join()).isFalse();
    jobs().cancel(claim.id());
    assertThat(ask(claim, true, NAME)).isFalse();
    assertThat(open(claim.id())).isEmpty();
  }

  @Test
  void answersSurviveALostWorkerAndWhatIsAskedAgainHasThem() {
    Claim lost = running();
    ask(lost, true, NAME, AGE);
    jobs().answer(lost.id(), Map.of("name", "\"Zoë\""));
    expireLeases();
    assertThat(work().reap(10).requeued()).containsExactly(lost.id());
    // An answer between two attempts is accepted, too.
    assertThat(jobs().answer(lost.id(), Map.of("age", "\"7\""))).isEqualTo(1);

    Claim second = claimed();
    assertThat(work().questions(second.id()).join())
        .extracting(AskedQuestion::answer)
        .containsExactly("\"Zoë\"", "\"7\"");
    assertThat(ask(second, true, NAME, AGE)).isTrue();
    assertThat(state(second.id())).isEqualTo(JobState.RUNNING);
    assertThat(ask(lost, false, AGE)).isFalse();
  }

  @Test
  void whatAnEarlierAttemptAskedIsShownOnlyIfItIsAskedAgain() {
    Claim lost = running();
    ask(lost, true, NAME);
    expireLeases();
    work().reap(10);
    Claim second = claimed();
    ask(second, true, AGE);
    assertThat(open(second.id())).containsExactly("age");
    ask(second, false, NAME);
    assertThat(open(second.id())).containsExactlyInAnyOrder("age", "name");
  }

  @Test
  void aParkedJobCanBeCancelledAndItsQuestionsGoWithIt() {
    Claim claim = running();
    ask(claim, true, NAME);
    assertThat(jobs().cancel(claim.id())).isEqualTo(JobQueue.CancelAnswer.CANCELLED);
    assertThat(work().renew(Map.of(claim.id(), claim.token())).cancelled())
        .containsExactly(claim.id());
    assertThat(jobs().questions(claim.id())).isEmpty();
    assertThat(jobs().answer(claim.id(), Map.of("name", "1"))).isZero();
  }

  @Test
  void aJobMayEndWhileItAsks() {
    Claim claim = running();
    ask(claim, true, NAME);
    var end =
        new Completion.Finished(
            claim.id(), claim.token(), new Outcome.Answered("{\"content\":[]}", false));
    assertThat(work().step(List.of(end), List.of("default"), 0).join().accepted())
        .containsExactly(true);
    assertThat(state(claim.id())).isEqualTo(JobState.COMPLETED);
    assertThat(work().questions(claim.id()).join()).isEmpty();
  }

  @Test
  void theWorkerHearsOfAnswers() throws InterruptedException {
    Claim claim = running();
    BlockingQueue<JobId> heard = new LinkedBlockingQueue<>();
    try (var _ = work().onAnswer(heard::add)) {
      ask(claim, true, NAME);
      jobs().answer(claim.id(), Map.of("name", "1"));
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(claim.id());
    }
  }

  @Test
  void whoWatchesAJobHearsWhatItsToolSays() throws InterruptedException {
    Claim claim = running();
    BlockingQueue<JobLog> heard = new LinkedBlockingQueue<>();
    JobLog said = new JobLog("info", "rows", "{\"row\":\"ö\"}");
    assertThat(work().log(claim.id(), said).join()).isFalse();
    var watcher =
        new JobQueue.Watcher() {
          @Override
          public void changed() {}

          @Override
          public void logged(JobLog log) {
            heard.add(log);
          }
        };
    try (var _ = jobs().watch(claim.id(), watcher)) {
      assertThat(work().log(claim.id(), said).join()).isTrue();
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(said);
    }
  }
}
