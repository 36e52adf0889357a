package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowView;
import dev.longhaul.rest.Answer.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chain as this front door shows it. */
@Schema(name = "Chain", description = "Jobs that are done one after the other.")
@Answer
record ChainView(
    String id,
    String name,
    @Schema(allowableValues = {"staging", "running", "completed", "failed", "cancelled"})
        String state,
    @Schema(
            description =
                "Why it goes on no more: child_failed, child_cancelled, cancelled or"
                    + " never_sealed.")
        @Nullable String reason,
    @Schema(description = "How many steps have ended of all, 0 to 1.") double progress,
    List<Step> steps,
    @JsonRawValue
        @Schema(description = "The result of the last step; null before that.", type = "object")
        @Nullable String result,
    @JsonRawValue
        @Schema(
            description = "What GET /jobs/{id}/result answers for the step that failed, or null.",
            type = "object")
        @Nullable String failure,
    @Timestamp Instant createdAt,
    @Timestamp @Nullable Instant finishedAt,
    @Timestamp @Nullable Instant expiresAt,
    Map<String, List<String>> callbacks,
    FlowLinks links) {

  /** One step. */
  @Schema(name = "ChainStep", description = "One step of a chain.")
  @Answer
  record Step(
      @Schema(description = "Counted from 1, as in {{steps.1}}.") int step,
      @Schema(description = "Its job: GET /jobs/{id} shows it.") String id,
      @Schema(
              description =
                  "The job's state; held until its turn comes, completed or failed or cancelled"
                      + " when the job is forgotten already.")
          @Nullable String state) {

    static Step of(FlowChild child) {
      JobState state = child.state();
      String word =
          state != null
              ? state.wire()
              : child.end() == null ? null : child.end().name().toLowerCase(Locale.ROOT);
      return new Step(child.index() + 1, child.id().value(), word);
    }
  }

  static ChainView of(
      FlowView view,
      List<FlowChild> children,
      @Nullable String result,
      @Nullable String failure,
      Routes routes) {
    return new ChainView(
        view.id().value(),
        view.name(),
        view.state().wire(),
        BatchView.reason(view),
        BatchView.progress(view),
        children.stream().map(Step::of).toList(),
        result,
        failure,
        view.times().createdAt(),
        view.times().finishedAt(),
        view.times().expiresAt(),
        BatchView.callbacks(view.callbacks()),
        FlowLinks.of(routes.chain(view.id().value()), view, false));
  }
}
