package dev.longhaul.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a job waits although workers are free.
 *
 * @param reason what holds it back
 * @param until when it is expected to go on, or null where only the end of other jobs decides
 * @param slots how many jobs of its tool may run at once, or null if that is not the reason
 */
public record Waiting(Reason reason, @Nullable Instant until, @Nullable Integer slots) {

  /** What holds a job back. */
  public enum Reason {
    /** As many jobs of its tool run as may. */
    CONCURRENCY("concurrency"),
    /** Its tool is called as often as it may be. */
    TOOL_RATE("tool_rate"),
    /** Its caller calls as often as it may. */
    CALLER_RATE("caller_rate"),
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
