package dev.longhaul.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of results. */
@Schema(name = "FlowResults", description = "A page of the jobs of a batch with their results.")
@Answer
record FlowPage(
    List<FlowItem> results,
    int offset,
    @Schema(description = "How many jobs there are in all.") int total,
    boolean hasMore,
    @Schema(description = "The next page's offset, or null.") @Nullable Integer nextOffset) {}
