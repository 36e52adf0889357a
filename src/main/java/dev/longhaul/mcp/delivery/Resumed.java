package dev.longhaul.mcp.delivery;

import dev.longhaul.mcp.stream.Awaited;
import java.time.Duration;

/**
 * A held call that goes on here, because its client has come back to this process for the rest of
 * its stream.
 *
 * @param awaited what it waits for, and for how long in all
 * @param began when it began to be held, in nanoseconds of {@link System#nanoTime}
 * @param progress goes on with the progress that was told
 */
public record Resumed(Awaited awaited, long began, ProgressFeed progress) {

  /** For how long it has been held. */
  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
