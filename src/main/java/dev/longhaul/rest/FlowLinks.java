package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The links to the operations that are possible on a batch or chain now. */
@Schema(name = "FlowLinks", description = "What can be asked of a batch or chain now.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record FlowLinks(
    String self,
    String events,
    @Schema(description = "Only of a batch.") @Nullable String results,
    @Schema(description = "Only of one that has not ended; POST.") @Nullable String cancel) {

  static FlowLinks of(String self, FlowView view, boolean results) {
    boolean goesOn = view.state() == FlowState.RUNNING || view.state() == FlowState.STAGING;
    return new FlowLinks(
        self,
        self + "/events",
        results ? self + "/results" : null,
        goesOn ? self + "/cancel" : null);
  }
}
