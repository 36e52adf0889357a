package dev.longhaul.intake;

/**
 * Who is asking. Jobs of one owner are unknown to every other.
 *
 * @param owner the stable name of the principal
 */
public record Caller(String owner) {
  /** All unauthenticated callers on loopback. */
  public static final Caller LOCAL = new Caller("local");
}
