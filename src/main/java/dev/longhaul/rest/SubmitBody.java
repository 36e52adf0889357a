package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.request.RequestedCall;

/** The body of {@code POST /jobs} ({@code job.json}): the call and its options. */
record SubmitBody(@JsonUnwrapped RequestedCall call, @JsonUnwrapped JobOptions options) {

  /** JSON Pointer to the arguments. */
  String argumentsPath() {
    return call.brief() ? "/arguments" : "/params/arguments";
  }
}
