package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * A partial result.
 *
 * @param json the reported value as JSON
 * @param processed how many items it contains, or null if unknown
 * @param total how many items there are in total, or null if unknown
 */
public record Partial(String json, @Nullable Long processed, @Nullable Long total) {

  /** How many items are missing, or null if unknown. */
  public @Nullable Long remaining() {
    return processed == null || total == null ? null : Math.max(0, total - processed);
  }
}
