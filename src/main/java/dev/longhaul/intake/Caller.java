package dev.longhaul.intake;

/**
 * Who is asking. Jobs of one owner are unknown to every other.
 *
 * @param owner the stable name of the principal
 */
public record Caller(String owner) {
  /** All unauthenticated callers on loopback. */
  public static final Caller LOCAL = new Caller("local");

  /** The application itself, where it dispatches jobs outside of any call ({@link Jobs}). */
  public static final Caller APPLICATION = new Caller("application");

  /**
   * The caller that security has found out; never {@link #LOCAL} or {@link #APPLICATION}, whatever
   * its name.
   */
  public static Caller named(String name) {
    return LOCAL.owner.equals(name) || APPLICATION.owner.equals(name)
        ? new Caller("principal:" + name)
        : new Caller(name);
  }
}
