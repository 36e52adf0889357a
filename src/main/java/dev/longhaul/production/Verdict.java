package dev.longhaul.production;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a finding counts, the better first. */
public enum Verdict {
  /** As it should be in production. */
  @JsonProperty("pass")
  PASS,
  /** It runs, and something should be known or improved. */
  @JsonProperty("warn")
  WARN,
  /** Not fit for production. */
  @JsonProperty("fail")
  FAIL
}
