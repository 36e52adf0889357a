package dev.longhaul.testsupport;

import dev.longhaul.catalog.AnswerCheck;
import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Records a tool's messages and answers its questions. Called in the tool's threads. */
final class ToolRunSink implements AttemptContext.Sink {
  final List<Progress> progress = new CopyOnWriteArrayList<>();
  final List<JobLog> logs = new CopyOnWriteArrayList<>();
  final List<Question> asked = new CopyOnWriteArrayList<>();

  private final @Nullable Function<Question, JsonNode> answers;
  private final Predicate<Progress> cancelAt;
  private volatile Runnable cancel = () -> {};
  private volatile @Nullable AssertionError wrongAnswer;

  ToolRunSink(@Nullable Function<Question, JsonNode> answers, Predicate<Progress> cancelAt) {
    this.answers = answers;
    this.cancelAt = cancelAt;
  }

  void cancelsWith(Runnable how) {
    cancel = how;
  }

  @Override
  public void progress(Progress said) {
    progress.add(said);
    if (cancelAt.test(said)) {
      cancel.run();
    }
  }

  @Override
  public void log(JobLog said) {
    logs.add(said);
  }

  @Override
  public Optional<List<JsonNode>> ask(List<Question> questions) {
    asked.addAll(questions);
    if (answers == null) {
      return Optional.empty();
    }
    List<JsonNode> all = new ArrayList<>();
    for (Question question : questions) {
      JsonNode answer = answers.apply(question);
      AnswerCheck.problem(question.method(), question.params(), answer)
          .ifPresent(problem -> refuse(question, answer, problem));
      all.add(answer);
    }
    return Optional.of(all);
  }

  // The tool may catch this exception, so it is reported to the test at the end, too.
  private void refuse(Question question, JsonNode answer, String problem) {
    var wrong =
        new AssertionError(
            "The test's answer "
                + answer
                + " to "
                + question.method()
                + " "
                + question.params()
                + " would have been refused: "
                + problem
                + ".");
    wrongAnswer = wrong;
    throw wrong;
  }

  void failIfAnswersWereWrong() {
    AssertionError wrong = wrongAnswer;
    if (wrong != null) {
      throw wrong;
    }
  }

  /** The outcome that a worker would record if there were no further attempt. */
  Outcome end(Attempt attempt, AttemptContext call, Duration timeout) {
    Partial partial = call.partial().orElse(null);
    Stop stopped = call.stopped().orElse(null);
    if (stopped == Stop.CANCELLED) {
      return new Outcome.Cancelled(partial);
    }
    if (stopped != null) {
      return new Outcome.Failed(JobError.timeout(timeout.toMillis()), partial);
    }
    return switch (attempt) {
      case Attempt.Ended ended -> ended.outcome();
      case Attempt.Failed failed ->
          failed.retryable()
              ? new Outcome.GivenUp(failed.error(), partial)
              : new Outcome.Failed(failed.error(), partial);
      // The tool noticed the end of its time first.
      case Attempt.Stopped _ -> new Outcome.Failed(JobError.timeout(timeout.toMillis()), partial);
      case Attempt.NeedsInput asks ->
          throw new IllegalStateException(
              "The tool asks "
                  + asks.questions()
                  + " and the test has no answer; say answering(…) before run().");
    };
  }
}
