package dev.longhaul.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of jobs. */
@Answer
record JobList(
    @Schema(description = "Newest first.") List<JobView> jobs,
    @Schema(description = "Pass it as cursor for the next page; null at the end.")
        @Nullable String nextCursor) {}
