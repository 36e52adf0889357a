package dev.longhaul.events;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.IntakeListener;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.worker.JobListener;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes events for the jobs whose end this process has recorded, in a separate thread, so that
 * listeners do not delay claims or requests. Does nothing without listeners.
 */
final class JobEventPublisher implements JobListener, IntakeListener {
  private static final Logger log = LoggerFactory.getLogger(JobEventPublisher.class);

  /** Larger results are not kept in memory but read again when the event is published. */
  private static final int LARGE = 16_384;

  private final ApplicationEventPublisher events;
  private final Listeners listeners;
  private final JobQueue queue;
  private final ToolCatalogue tools;
  private final EventThread thread;

  JobEventPublisher(
      ApplicationEventPublisher events,
      Listeners listeners,
      JobQueue queue,
      ToolCatalogue tools,
      EventThread thread) {
    this.events = events;
    this.listeners = listeners;
    this.queue = queue;
    this.tools = tools;
    this.thread = thread;
  }

  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    if (!listeners.any() || isInternal(claim.tool())) {
      return;
    }
    JobId id = claim.id();
    EndedJob job = EndedJob.of(claim); // without the claim, because its params may be large
    if (outcome instanceof Outcome.Answered(String json, boolean _) && json.length() > LARGE) {
      publish(id, () -> queue.outcome(id).map(stored -> event(job, stored, Optional.of(ran))));
    } else {
      publish(id, () -> Optional.of(event(job, outcome, Optional.of(ran))));
    }
  }

  @Override
  public void cancelled(Job job) {
    publish(
        job.id(),
        () -> Optional.of(new JobCancelled(EndedJob.of(job), new Outcome.Cancelled(null))));
  }

  @Override
  public void reaped(JobId id, boolean ended) {
    if (ended) {
      publish(id, () -> stored(id));
    }
  }

  @Override
  public void closed(JobId id) {
    publish(id, () -> stored(id));
  }

  // A job of an internal tool, such as the delivery of a webhook.
  private boolean isInternal(@Nullable String tool) {
    return tool != null && tools.isInternal(tool);
  }

  // The reaper knows only the id, so the job is read; this is rare.
  private Optional<JobEvent> stored(JobId id) {
    return queue
        .find(id)
        .filter(job -> job.state().terminal() && !isInternal(job.tool()))
        .flatMap(job ->
            queue.outcome(id).map(outcome -> event(EndedJob.of(job), outcome, Optional.empty())));
  }

  private static JobEvent event(EndedJob job, Outcome outcome, Optional<Duration> ran) {
    return switch (outcome) {
      case Outcome.Answered answered -> new JobProcessed(job, answered, ran);
      case Outcome.Refused _, Outcome.Failed _, Outcome.GivenUp _ ->
          new JobFailed(job, outcome, ran);
      case Outcome.Cancelled cancelled -> new JobCancelled(job, cancelled);
    };
  }

  private void publish(JobId id, Supplier<Optional<JobEvent>> event) {
    if (!listeners.any()) {
      return;
    }
    thread.execute(() -> {
      try {
        event.get().ifPresent(events::publishEvent);
      } catch (RuntimeException | Error e) { // of a listener or of the store
        log.warn(
            "The event of the end of job {} did not reach every listener; the job itself has its outcome",
            id,
            e);
      }
    });
  }
}
