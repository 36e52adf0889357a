package dev.longhaul.mcp.delivery;

import dev.longhaul.mcp.stream.AwaitedJob;
import java.time.Duration;

/**
 * A held call that continues here because its client has resumed its stream at this process.
 *
 * @param awaited the job it waits for, and how long in total
 * @param began when it began to be held, in {@link System#nanoTime}
 * @param progress continues after the progress sent before
 */
public record ResumedCall(AwaitedJob awaited, long began, ProgressFeed progress) {

  /** How long it has been held. */
  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
