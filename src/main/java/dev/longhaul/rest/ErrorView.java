package dev.longhaul.rest;

import dev.longhaul.job.JobError;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a job ended without a result, or why its last attempt failed. */
@Schema(
    name = "JobError",
    description = "Why a job ended without a result, or its last attempt failed.")
record ErrorView(
    @Schema(example = "TIMEOUT") String code,
    @Schema(example = "timeout") String type,
    String message,
    String remediation) {

  static @Nullable ErrorView of(@Nullable JobError error) {
    return error == null
        ? null
        : new ErrorView(error.code(), error.type(), error.message(), error.remediation());
  }
}
