package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Waiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Describes, for a model to read, why a queued job does not start although workers are free. */
final class WaitReasonText {
  private WaitReasonText() {}

  static String of(Waiting waiting) {
    return switch (waiting.reason()) {
      case CONCURRENCY ->
          "waits for its turn: "
              + (waiting.slots() == null
                  ? "as many calls of this tool are running as may at once"
                  : waiting.slots() + " of " + waiting.slots() + " calls of this tool are running");
      case TOOL_RATE ->
          "waits for its turn: this tool is called as often as it may be"
              + expected(waiting.until());
      case CALLER_RATE ->
          "waits for its turn: you have made as many calls as you may for now"
              + expected(waiting.until());
      case CALLER_RUNNING -> "waits for its turn: as many of your calls are running as may at once";
      case BREAKER ->
          "waits because this tool has failed several times in a row"
              + (waiting.until() == null ? "" : "; it is tried again at " + waiting.until());
      case PAUSED -> "waits because its queue is paused; an operator lets it go on";
    };
  }

  private static String expected(@Nullable Instant until) {
    return until == null ? "" : "; it can be expected to go on at " + until;
  }
}
