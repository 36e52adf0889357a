package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.request.RequestedCall;

/** What {@code POST /jobs} takes ({@code job.json}): what is called, and how it is to run. */
record SubmitBody(@JsonUnwrapped RequestedCall call, @JsonUnwrapped JobOptions options) {

  /** JSON Pointer to the arguments. */
  String argumentsPath() {
    return call.brief() ? "/arguments" : "/params/arguments";
  }
}
