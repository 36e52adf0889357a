package dev.longhaul.gateway.call;

import java.util.HashSet;
import java.util.Set;

/**
 * The resources of an upstream whose updates are wanted, and those whose updates may have been
 * missed because nobody listened. Not thread-safe.
 */
final class WantedResources {
  private final Set<String> missed = new HashSet<>();
  private Set<String> wanted = Set.of();
  private Set<String> announced = Set.of();
  private Runnable inEffect = () -> {};

  /** The upstream's URIs of those that are wanted. */
  Set<String> uris() {
    return wanted;
  }

  boolean isEmpty() {
    return wanted.isEmpty();
  }

  /**
   * Sets what is wanted instead of what was before.
   *
   * @param whenInEffect is run once the upstream announces their updates
   */
  void set(Set<String> uris, Runnable whenInEffect) {
    wanted = Set.copyOf(uris);
    missed.retainAll(wanted);
    inEffect = whenInEffect;
  }

  /** Updates of what is wanted may have been missed. */
  void missedAll() {
    missed.addAll(wanted);
  }

  /** The session that listened to updates does so no more. */
  void lost() {
    missed.addAll(announced);
    missed.retainAll(wanted);
    announced = Set.of();
  }

  /**
   * The upstream announces updates of these.
   *
   * @return those whose updates may have been missed
   */
  Set<String> announced(Set<String> uris) {
    announced = uris;
    Set<String> told = new HashSet<>(missed);
    told.retainAll(uris);
    missed.removeAll(uris);
    return told;
  }

  /** Takes what is to be done now that all that is wanted is announced. */
  Runnable takeInEffect() {
    Runnable taken = inEffect;
    inEffect = () -> {};
    return taken;
  }
}
