package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Waiting;
import dev.longhaul.rest.Answer.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as this front door shows it. Fields that have no value are null, not absent. */
@Schema(name = "Job", description = "A job. Fields that have no value are null.")
@Answer
record JobView(
    String id,
    @Schema(example = "tools/call") String method,
    @Schema(description = "Null unless method is tools/call.") @Nullable String tool,
    @Schema(
            allowableValues = {
              "held",
              "queued",
              "scheduled",
              "running",
              "input_required",
              "completed",
              "failed",
              "cancelled",
              "dead"
            })
        String state,
    @Schema(description = "A name or a number.", example = "high") String priority,
    String queue,
    @Schema(description = "0 to 1, or null when the total is unknown.") @Nullable Double progress,
    @Schema(description = "What the tool reports that it is doing.") @Nullable String message,
    @Schema(description = "How many attempts have started.") int attempt,
    int maxAttempts,
    @Schema(
            description =
                "Its runs in order, the last 20 at most: those that failed or lost their worker,"
                    + " and the latest one.")
        List<AttemptView> attempts,
    @Timestamp Instant createdAt,
    @Timestamp @Schema(description = "When a scheduled job may start.") @Nullable Instant dueAt,
    @Schema(description = "What holds it back although workers are free; null if nothing does.")
        @Nullable WaitingView waiting,
    @Timestamp @Schema(description = "When its latest attempt started.")
        @Nullable Instant startedAt,
    @Timestamp Instant updatedAt,
    @Timestamp @Nullable Instant finishedAt,
    @Timestamp @Schema(description = "When the job expires; null while it is not finished.")
        @Nullable Instant expiresAt,
    @Timestamp
        @Schema(
            description =
                "When it can be expected to end: as its progress goes on, if it has any; else from its"
                    + " tool's history, or without one from its estimate; null when that is unknown or over.")
        @Nullable Instant estimatedCompletion,
    @Nullable ErrorView error,
    @Schema(description = "The dead job that this one tries again.") @Nullable String replayOf,
    @Schema(description = "The job that tries this dead one again.") @Nullable String replayedBy,
    Map<String, String> metadata,
    Links links) {

  /** The reason for which a job is held back. */
  @Answer
  @Schema(name = "JobWaiting", description = "What holds a job back.")
  record WaitingView(
      @Schema(
              description =
                  "concurrency: as many calls of its tool run as may; tool_rate, caller_rate: its"
                      + " tool, or its caller, is at its rate; caller_running: as many jobs of its caller"
                      + " run as may; circuit_breaker: its tool failed too"
                      + " often of late; queue_paused: an operator has paused its queue.",
              allowableValues = {
                "concurrency",
                "tool_rate",
                "caller_rate",
                "caller_running",
                "circuit_breaker",
                "queue_paused"
              })
          String reason,
      @Timestamp
          @Schema(
              description =
                  "When it can be expected to go on; null where only the end of others decides.")
          @Nullable Instant until) {

    static @Nullable WaitingView of(@Nullable Waiting waiting) {
      return waiting == null ? null : new WaitingView(waiting.reason().wire(), waiting.until());
    }
  }

  /** The links to the operations that are possible on the job now. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "JobLinks", description = "What can be asked of the job now.")
  record Links(
      String self,
      String events,
      @Schema(description = "Only of a finished job.") @Nullable String result,
      @Schema(description = "What its tool has so far; only of a job that has started.")
          @Nullable String partial,
      @Schema(description = "Only of a job that is not finished; POST.") @Nullable String cancel,
      @Schema(description = "Only of a held job; POST.") @Nullable String start,
      @Schema(description = "Only of a dead job; POST.") @Nullable String replay) {

    static Links of(Job job, Routes routes) {
      String self = routes.job(job.id().value());
      boolean finished = job.state().terminal();
      return new Links(
          self,
          self + "/events",
          finished ? self + "/result" : null,
          finished || job.attempt() == 0 ? null : self + "/partial",
          finished ? null : self + "/cancel",
          job.state() == JobState.HELD ? self + "/start" : null,
          job.state() == JobState.DEAD ? routes.replay(job.id().value()) : null);
    }
  }

  static JobView of(Job job, @Nullable Instant estimatedCompletion, Routes routes) {
    return new JobView(
        job.id().value(),
        job.method(),
        job.tool(),
        job.state().wire(),
        job.priority().wire(),
        job.queue(),
        job.progress().fraction(),
        job.progress().message(),
        job.attempt(),
        job.retry().maxAttempts(),
        job.attempts().stream().map(AttemptView::of).toList(),
        job.times().createdAt(),
        job.times().dueAt(),
        WaitingView.of(job.waiting()),
        job.times().startedAt(),
        job.times().updatedAt(),
        job.times().finishedAt(),
        job.times().expiresAt(),
        estimatedCompletion,
        ErrorView.of(job.error()),
        text(job.links().replayOf()),
        text(job.links().replayedBy()),
        job.metadata(),
        Links.of(job, routes));
  }

  private static @Nullable String text(@Nullable JobId id) {
    return id == null ? null : id.value();
  }
}
