package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of results. */
@Schema(name = "FlowResults", description = "A page of the jobs of a batch with their results.")
@JsonInclude(JsonInclude.Include.ALWAYS)
record FlowPage(
    List<FlowItem> results,
    int offset,
    @Schema(description = "How many jobs there are in all.") int total,
    @JsonProperty("has_more") boolean hasMore,
    @JsonProperty("next_offset") @Schema(description = "The next page's offset, or null.")
        @Nullable Integer nextOffset) {}
