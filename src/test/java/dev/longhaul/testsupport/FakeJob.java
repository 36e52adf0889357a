package dev.longhaul.testsupport;

import dev.longhaul.intake.JobOptions;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobAttempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.JobState;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A dispatched job, with its outcome if it has ended. */
final class FakeJob {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration KEPT = Duration.ofHours(2);

  final DispatchedJob dispatched;
  private final Instant createdAt;
  private volatile @Nullable End end;
  private volatile @Nullable Instant started;

  private record End(Outcome outcome, Instant at) {}

  FakeJob(DispatchedJob dispatched, Instant createdAt) {
    this.dispatched = dispatched;
    this.createdAt = createdAt;
  }

  void end(Outcome outcome, Instant at) {
    end = new End(outcome, at);
  }

  /** Releases a held job. */
  void start(Instant at) {
    started = at;
  }

  /** The outcome, or null if the job has not ended. */
  @Nullable Outcome outcome() {
    End its = end;
    return its == null ? null : its.outcome();
  }

  Job view() {
    End its = end;
    JobOptions options = dispatched.options();
    Instant finished = its == null ? null : its.at();
    boolean ran = its != null && its.outcome().state() != JobState.CANCELLED;
    return new Job(
        dispatched.id(),
        new JobSpec(
            dispatched.method(),
            dispatched.tool(),
            dispatched.caller().owner(),
            Objects.requireNonNullElse(options.queue(), "default"),
            Objects.requireNonNullElse(options.priority(), Priority.DEFAULT),
            Objects.requireNonNullElse(options.attempts().timeout(), TIMEOUT),
            new RetryPolicy(
                Objects.requireNonNullElse(options.attempts().max(), 1),
                RetryPolicy.DEFAULT_BACKOFF,
                false),
            options.metadata()),
        its == null ? waiting(options) : its.outcome().state(),
        Progress.NONE,
        new JobTimes(
            createdAt,
            ran ? finished : null,
            finished == null ? createdAt : finished,
            finished,
            due(options),
            finished == null ? null : finished.plus(KEPT),
            null),
        ran ? 1 : 0,
        ran && its != null
            ? List.of(new JobAttempt(1, finished, finished, null, failure(its.outcome())))
            : List.of(),
        its == null ? null : error(its.outcome()),
        null,
        JobLinks.NONE,
        true,
        0);
  }

  private JobState waiting(JobOptions options) {
    if (options.start().held() && started == null) {
      return JobState.HELD;
    }
    Instant due = due(options);
    return due != null && due.isAfter(Objects.requireNonNullElse(started, createdAt))
        ? JobState.SCHEDULED
        : JobState.QUEUED;
  }

  private @Nullable Instant due(JobOptions options) {
    return options.start().delay() == null
        ? options.start().runAt()
        : Objects.requireNonNullElse(started, createdAt).plus(options.start().delay());
  }

  private static JobAttempt.@Nullable Failure failure(Outcome outcome) {
    JobError error = error(outcome);
    return error == null ? null : new JobAttempt.Failure(error.code(), error.message());
  }

  private static @Nullable JobError error(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed failed -> failed.error();
      case Outcome.GivenUp givenUp -> givenUp.error();
      case Outcome.Answered _, Outcome.Refused _, Outcome.Cancelled _ -> null;
    };
  }
}
