package dev.longhaul.notify;

import org.jspecify.annotations.Nullable;

/**
 * That something was delivered.
 *
 * @param status the HTTP status it was answered with, or null where there is none
 */
public record Receipt(@Nullable Integer status) {
  /** Delivered, and nothing to say of it. */
  public static final Receipt DELIVERED = new Receipt(null);
}
