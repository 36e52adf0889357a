package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * What a tool had produced when it was stopped.
 *
 * @param json the value it last reported, as JSON
 * @param processed how many items are in it, or null if the tool did not say
 * @param total how many there would have been, or null if unknown
 */
public record Partial(String json, @Nullable Long processed, @Nullable Long total) {

  /** How many items were left undone, or null if unknown. */
  public @Nullable Long remaining() {
    return processed == null || total == null ? null : Math.max(0, total - processed);
  }
}
