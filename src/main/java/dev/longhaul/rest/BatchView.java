package dev.longhaul.rest;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.FlowView;
import dev.longhaul.rest.Answer.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A batch as this front door shows it. */
@Schema(name = "Batch", description = "Many jobs submitted as one.")
@Answer
record BatchView(
    String id,
    String name,
    @Schema(allowableValues = {"staging", "running", "completed", "failed", "cancelled"})
        String state,
    @Schema(
            description =
                "Why it starts no more jobs, or did not complete: child_failed, child_cancelled,"
                    + " cancelled or never_sealed.")
        @Nullable String reason,
    int total,
    @Schema(description = "How many jobs ended with a result.") int completed,
    @Schema(description = "How many failed, are dead, or ended with a result that says isError.")
        int failed,
    int cancelled,
    @Schema(description = "How many have ended of all, 0 to 1.") double progress,
    @Schema(description = "How many of its jobs wait although workers are free.") int heldBack,
    @Schema(description = "Why the latest of those waits; null if there is none.")
        JobView.@Nullable WaitingView waiting,
    boolean allowFailures,
    @Timestamp Instant createdAt,
    @Timestamp @Nullable Instant finishedAt,
    @Timestamp @Schema(description = "When it expires; null while it has not ended.")
        @Nullable Instant expiresAt,
    @Schema(description = "The callbacks that were started, by kind.")
        Map<String, List<String>> callbacks,
    FlowLinks links) {

  static BatchView of(FlowView view, Routes routes) {
    int total = total(view);
    return new BatchView(
        view.id().value(),
        view.name(),
        view.state().wire(),
        reason(view),
        total,
        view.counts().completed(),
        view.counts().failed(),
        view.counts().cancelled(),
        progress(view),
        view.counts().heldBack(),
        JobView.WaitingView.of(view.waiting()),
        view.allowFailures(),
        view.times().createdAt(),
        view.times().finishedAt(),
        view.times().expiresAt(),
        callbacks(view.callbacks()),
        FlowLinks.of(routes.batch(view.id().value()), view, true));
  }

  static int total(FlowView view) {
    return view.counts().total() == null ? view.counts().staged() : view.counts().total();
  }

  static double progress(FlowView view) {
    return total(view) == 0 ? 0 : Progress.rounded((double) view.counts().ended() / total(view));
  }

  static @Nullable String reason(FlowView view) {
    return view.reason() == null ? null : view.reason().name().toLowerCase(Locale.ROOT);
  }

  static Map<String, List<String>> callbacks(Map<FlowCallback, List<JobId>> started) {
    Map<String, List<String>> named = new TreeMap<>();
    started.forEach((kind, ids) -> named.put(kind.wire(), ids.stream().map(JobId::value).toList()));
    return named;
  }
}
