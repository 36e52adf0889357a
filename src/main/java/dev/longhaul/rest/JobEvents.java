package dev.longhaul.rest;

import dev.longhaul.job.Job;
import dev.longhaul.rest.Answer.Timestamp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends one client the events of one job until its end. */
final class JobEvents {
  private final Duration keepAlive;
  private final Function<Job, JobView> views;

  JobEvents(Duration keepAlive, Function<Job, JobView> views) {
    this.keepAlive = keepAlive;
    this.views = views;
  }

  /** The state of the job. */
  @Answer
  record StateEvent(String state, int attempt, int maxAttempts, @Timestamp Instant updatedAt) {}

  /** The progress of the job. */
  record ProgressEvent(double progress, @Nullable String message) {}

  /** A message of the tool. */
  record MessageEvent(String message) {}

  /** Writes events until the job has ended, the application stops, or the client disconnects. */
  void write(JobFeed feed, EventStream stream) throws IOException, InterruptedException {
    Job before = null;
    while (true) {
      Job job = feed.next(keepAlive);
      if (job == null) {
        if (feed.ended()) {
          stream.comment("the server stops; ask again");
          return;
        }
        stream.comment("still there");
        continue;
      }
      changes(before, job, stream);
      if (job.state().terminal()) {
        stream.event("end", views.apply(job));
        return;
      }
      before = job;
    }
  }

  private static void changes(@Nullable Job before, Job job, EventStream stream)
      throws IOException {
    if (before == null || before.state() != job.state() || before.attempt() != job.attempt()) {
      stream.event(
          "state",
          new StateEvent(
              job.state().wire(),
              job.attempt(),
              job.retry().maxAttempts(),
              job.times().updatedAt()));
    }
    Double fraction = job.progress().fraction();
    String message = job.progress().message();
    if (fraction != null && (before == null || !fraction.equals(before.progress().fraction()))) {
      stream.event("progress", new ProgressEvent(fraction, message));
    }
    if (message != null
        && (before == null || !Objects.equals(message, before.progress().message()))) {
      stream.event("message", new MessageEvent(message));
    }
  }
}
