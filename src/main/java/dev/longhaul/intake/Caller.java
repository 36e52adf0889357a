package dev.longhaul.intake;

/**
 * Who sent a request. The jobs of one owner are invisible to all others.
 *
 * @param owner the stable name of the principal
 */
public record Caller(String owner) {
  /** All unauthenticated callers on loopback. */
  public static final Caller LOCAL = new Caller("local");

  /** The application itself, when it dispatches jobs outside of any call ({@link Jobs}). */
  public static final Caller APPLICATION = new Caller("application");

  /**
   * The caller for an authenticated name; never {@link #LOCAL} or {@link #APPLICATION}, even if the
   * name is equal to one of theirs.
   */
  public static Caller named(String name) {
    return LOCAL.owner.equals(name) || APPLICATION.owner.equals(name)
        ? new Caller("principal:" + name)
        : new Caller(name);
  }
}
