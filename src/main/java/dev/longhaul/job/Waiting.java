package dev.longhaul.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a job waits although workers are free.
 *
 * @param reason the reason
 * @param until when it is expected to continue, or null if that depends on the end of other jobs
 * @param slots how many jobs of its tool may run at once, or null if that is not the reason
 */
public record Waiting(Reason reason, @Nullable Instant until, @Nullable Integer slots) {

  /** The reason for which a job is held back. */
  public enum Reason {
    /** The most allowed jobs of its tool are running. */
    CONCURRENCY("concurrency"),
    /** The rate of its tool is used up. */
    TOOL_RATE("tool_rate"),
    /** Its caller calls as often as it may. */
    CALLER_RATE("caller_rate"),
    /** As many jobs of its caller run as may. */
    CALLER_RUNNING("caller_running"),
    /** Its tool failed too often of late; one job tries it when the time is over. */
    BREAKER("circuit_breaker"),
    /** Its queue is paused by an operator. */
    PAUSED("queue_paused");

    private final String wire;

    Reason(String wire) {
      this.wire = wire;
    }

    /** The name in answers. */
    public String wire() {
      return wire;
    }
  }
}
