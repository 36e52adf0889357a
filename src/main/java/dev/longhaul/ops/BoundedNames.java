package dev.longhaul.ops;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Values of a tag: the first so many different ones, and one word for all others. */
final class BoundedNames {
  /** The value for an absent one. */
  static final String NONE = "none";

  /** The value for those beyond the limit. */
  static final String OTHER = "other";

  private static final int MOST_ERRORS = 100;

  private final int most;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /**
   * @param most how many different values there are at most, without {@link #OTHER}
   */
  BoundedNames(int most) {
    this.most = most;
  }

  /** For types of errors: JSON-RPC codes and classes of exceptions. */
  static BoundedNames ofErrors() {
    return new BoundedNames(MOST_ERRORS);
  }

  String bounded(String name) {
    if (seen.contains(name)) {
      return name;
    }
    synchronized (this) {
      if (seen.size() >= most && !seen.contains(name)) {
        return OTHER;
      }
      seen.add(name);
      return name;
    }
  }
}
