package dev.longhaul.intake;

import dev.longhaul.security.AuthorizedCaller;

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
   * The caller for a name that a host application has authenticated; never {@link #LOCAL}, {@link
   * #APPLICATION} or the owner of an API key, even if the name is equal to one of theirs.
   */
  public static Caller named(String name) {
    return isOwn(name) || name.startsWith(AuthorizedCaller.RESERVED)
        ? new Caller(AuthorizedCaller.PRINCIPAL + name)
        : new Caller(name);
  }

  /** The caller of a verified token or API key; never {@link #LOCAL} or {@link #APPLICATION}. */
  static Caller authorized(AuthorizedCaller caller) {
    return isOwn(caller.owner())
        ? new Caller(AuthorizedCaller.PRINCIPAL + caller.owner())
        : new Caller(caller.owner());
  }

  private static boolean isOwn(String name) {
    return LOCAL.owner.equals(name) || APPLICATION.owner.equals(name);
  }
}
