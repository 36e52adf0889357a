package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.settings;
import static dev.longhaul.worker.WorkerFixture.tools;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Client;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tools that ask their client while they run as jobs. */
class AskingTest {
  private final WorkerFixture fixture = new WorkerFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Question question(String key, String message) {
    return new Question(
        key, Question.ELICITATION, Tools.object("{\"message\":\"" + message + "\"}"));
  }

  /** Returns the answer as the result. */
  private static ToolHandler asking(String... messages) {
    return _ -> {
      StringBuilder said = new StringBuilder();
      for (String message : messages) {
        said.append(JobContext.current().ask(List.of(question("k", message))).getFirst());
      }
      return Tools.text(said.toString());
    };
  }

  private JobId enqueue(RetryPolicy retry, Duration timeout, String capabilities) {
    Client client = new Client("x", Tools.object(capabilities), null, null, null, Map.of());
    JobRequest request =
        WorkerFixture.request("ask", retry, timeout, 1).headed(JobHeaders.of(client).json());
    return fixture.jobs.enqueue(List.of(request)).getFirst();
  }

  private JobId enqueue(RetryPolicy retry) {
    return enqueue(retry, LIMIT, "{\"elicitation\":{}}");
  }

  private void answer(JobId id, String key, String answer) {
    await()
        .atMost(LIMIT)
        .until(() -> fixture.jobs.questions(id).stream().anyMatch(q -> q.key().equals(key)));
    assertThat(fixture.jobs.answer(id, Map.of(key, answer))).isEqualTo(1);
  }

  private String text(JobId id) {
    return ((Outcome.Answered) fixture.outcome(id)).json();
  }

  @Test
  void theToolGoesOnWithTheAnswer() {
    fixture.start(tools("ask", asking("who?", "who?", "when?")));
    JobId id = enqueue(ONCE);
    fixture.waitFor(id, JobState.INPUT_REQUIRED);
    answer(id, "k", "{\"action\":\"accept\"}");
    answer(id, "k-2", "{\"action\":\"decline\"}");
    answer(id, "k-3", "{\"action\":\"cancel\"}");
    assertThat(text(id)).containsSubsequence("accept", "decline", "cancel");
  }

  @Test
  void aQuestionReachesTheClientInTheOrderOfItsTool() {
    String params = "{\"z\":1.5,\"a\":{\"y\":\"é\",\"b\":12345678901234567890}}";
    fixture.start(
        tools(
            "ask",
            _ ->
                Tools.text(
                    JobContext.current()
                        .ask(List.of(new Question("a", Question.ELICITATION, Tools.object(params))))
                        .toString())));
    JobId id = enqueue(ONCE);
    fixture.waitFor(id, JobState.INPUT_REQUIRED);
    assertThat(fixture.jobs.questions(id)).extracting(OpenQuestion::params).containsExactly(params);
    answer(id, "a", "{\"action\":\"accept\"}");
    assertThat(text(id)).contains("accept");
  }

  @Test
  void severalQuestionsCanBeAskedAtOnceAndAnsweredOneByOne() {
    fixture.start(
        tools(
            "ask",
            _ ->
                Tools.text(
                    JobContext.current()
                        .ask(List.of(question("a", "who?"), question("b", "when?")))
                        .toString())));
    JobId id = enqueue(ONCE);
    answer(id, "b", "{\"action\":\"cancel\"}");
    assertThat(fixture.job(id).state()).isEqualTo(JobState.INPUT_REQUIRED);
    assertThat(fixture.jobs.questions(id)).extracting(OpenQuestion::key).containsExactly("a");
    answer(id, "a", "{\"action\":\"accept\"}");
    assertThat(text(id)).containsSubsequence("accept", "cancel");
  }

  @Test
  void whoWaitsForAnAnswerHoldsNoSlotAndUsesNoTime() {
    fixture.start(fixture.redis.work(), tools("ask", asking("who?")), settings(1, LIMIT));
    JobId first = enqueue(ONCE, Duration.ofSeconds(3), "{\"elicitation\":{}}");
    fixture.waitFor(first, JobState.INPUT_REQUIRED);
    // If the first job used the pool's only slot, this one could not start.
    JobId second = enqueue(ONCE, Duration.ofSeconds(3), "{\"elicitation\":{}}");
    fixture.waitFor(second, JobState.INPUT_REQUIRED);
    // Longer than the time limit of an attempt, which must not count while the client is asked.
    await().pollDelay(Duration.ofSeconds(4)).atMost(LIMIT).until(() -> true);
    answer(first, "k", "{\"action\":\"accept\"}");
    answer(second, "k", "{\"action\":\"accept\"}");
    assertThat(text(first)).contains("accept");
    assertThat(text(second)).contains("accept");
  }

  @Test
  void whoWaitsBeyondTheBoundKeepsItsSlot() {
    RegisteredTools tools = tools("ask", asking("who?"));
    tools.register(Tools.queued("quick", _ -> Tools.text("")));
    var one =
        new WorkerProperties(
            Map.of("io", new PoolSettings(null, 1, null), "cpu", new PoolSettings(null, 0, null)),
            LIMIT,
            Duration.ofMillis(100),
            LIMIT,
            0.1,
            LIMIT,
            false,
            new WorkerProperties.Limits(1, Duration.ofSeconds(10)));
    Worker worker = fixture.start(fixture.redis.work(), tools, one);
    JobId first = enqueue(ONCE);
    fixture.waitFor(first, JobState.INPUT_REQUIRED);
    JobId second = enqueue(ONCE);
    fixture.waitFor(second, JobState.INPUT_REQUIRED);
    assertThat(worker.askingJobs()).isEqualTo(2);

    JobId third = fixture.enqueue("quick", ONCE);
    answer(first, "k", "{\"action\":\"accept\"}");
    fixture.outcome(first);
    assertThat(fixture.job(third).state()).isEqualTo(JobState.QUEUED);
    answer(second, "k", "{\"action\":\"accept\"}");
    fixture.waitFor(third, JobState.COMPLETED);
    assertThat(text(second)).contains("accept");
    assertThat(worker.askingJobs()).isZero();
  }

  @Test
  void aLaterAttemptHasTheAnswersOfTheEarlierOneAtOnce() {
    AtomicInteger attempts = new AtomicInteger();
    ToolHandler handler =
        call -> {
          var answered = asking("who?").call(call);
          if (attempts.incrementAndGet() == 1) {
            throw new IllegalStateException("after the answer");
          }
          return answered;
        };
    fixture.start(tools("ask", handler));
    JobId id = enqueue(REPEATABLE);
    answer(id, "k", "{\"action\":\"accept\"}");
    assertThat(text(id)).contains("accept");
    assertThat(fixture.job(id).attempt()).isEqualTo(2);
    assertThat(fixture.job(id).questions()).isEqualTo(1);
  }

  @Test
  void aCancelEndsTheWait() {
    fixture.start(tools("ask", asking("who?")));
    JobId id = enqueue(ONCE);
    fixture.waitFor(id, JobState.INPUT_REQUIRED);
    fixture.jobs.cancel(id);
    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void aParkedJobThatMayBeRepeatedGoesToAnotherWorkerWhenItsOwnStops() {
    Worker first = fixture.start(tools("ask", asking("who?", "when?")));
    JobId id = enqueue(REPEATABLE);
    answer(id, "k", "{\"action\":\"accept\"}");
    await()
        .atMost(LIMIT)
        .until(() -> fixture.jobs.questions(id).stream().anyMatch(q -> q.key().equals("k-2")));
    first.stop();
    assertThat(fixture.job(id).state()).isIn(JobState.QUEUED, JobState.SCHEDULED);

    fixture.startOther(tools("ask", asking("who?", "when?")));
    answer(id, "k-2", "{\"action\":\"decline\"}");
    assertThat(text(id)).containsSubsequence("accept", "decline");
  }

  @Test
  void aParkedJobThatMayNotBeRepeatedIsAnsweredWithACancelWhenItsWorkerStops() {
    Worker worker = fixture.start(tools("ask", asking("who?")));
    JobId id = enqueue(ONCE);
    fixture.waitFor(id, JobState.INPUT_REQUIRED);
    worker.stop();
    assertThat(text(id)).contains("cancel");
  }

  @Test
  void whatNobodyAnswersInTimeIsAnsweredWithACancel() {
    var impatient =
        new WorkerProperties(
            Map.of(),
            LIMIT,
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            0.1,
            LIMIT,
            false,
            new WorkerProperties.Limits(1_000, Duration.ofSeconds(10)));
    fixture.start(fixture.redis.work(), tools("ask", asking("who?")), impatient);
    assertThat(text(enqueue(ONCE))).contains("cancel");
  }

  @Test
  void aClientThatCannotBeAskedIsNotAsked() {
    fixture.start(tools("ask", asking("who?")));
    JobId id = enqueue(REPEATABLE, LIMIT, "{\"sampling\":{}}");
    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(-32021);
              assertThat(refused.dataJson())
                  .isEqualTo("{\"requiredCapabilities\":{\"elicitation\":{}}}");
            });
    assertThat(fixture.job(id).attempt()).isEqualTo(1);
  }
}
