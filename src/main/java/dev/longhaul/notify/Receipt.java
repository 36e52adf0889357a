package dev.longhaul.notify;

import org.jspecify.annotations.Nullable;

/**
 * Confirms a delivery.
 *
 * @param status the HTTP status of the response, or null if there is none
 */
public record Receipt(@Nullable Integer status) {
  /** A delivery without details. */
  public static final Receipt DELIVERED = new Receipt(null);
}
