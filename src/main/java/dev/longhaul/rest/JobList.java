package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of jobs. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record JobList(
    @Schema(description = "Newest first.") List<JobView> jobs,
    @JsonProperty("next_cursor")
        @Schema(description = "Pass it as cursor for the next page; null at the end.")
        @Nullable String nextCursor) {}
