package dev.longhaul.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Collects at most {@link #MOST} violations of a request, which may have hundreds of thousands.
 * Loops over a request stop when the list is {@link #full()}.
 */
public final class Violations {
  /** The most violations that are collected. */
  public static final int MOST = 50;

  /** The number of unknown names for which a similar known one is searched. */
  private static final int SUGGESTIONS = 5;

  private final List<Violation> found = new ArrayList<>();
  private int unknown;
  private boolean more;

  /** Adds one, unless the list is full. */
  public void add(String path, String message) {
    add(new Violation(path, message));
  }

  /** Adds one, unless the list is full. */
  public void add(Violation violation) {
    if (full()) {
      more = true;
    } else {
      found.add(violation);
    }
  }

  /** Adds several, as far as there is room. */
  public void addAll(Collection<Violation> violations) {
    violations.forEach(this::add);
  }

  /** The message for an unknown name; a similar name is suggested for the first few only. */
  public String unknown(String name, Collection<String> known) {
    return ++unknown <= SUGGESTIONS ? NearestName.unknown(name, known) : "unknown";
  }

  /** Whether the list is full, so that the caller can stop. */
  public boolean full() {
    return found.size() >= MOST;
  }

  /** Whether nothing was found. */
  public boolean none() {
    return found.isEmpty();
  }

  /** The collected violations; the last one says if there were more. */
  public List<Violation> list() {
    if (!more) {
      return List.copyOf(found);
    }
    List<Violation> cut = new ArrayList<>(found);
    cut.add(new Violation("", "and more: only the first " + MOST + " are named"));
    return List.copyOf(cut);
  }
}
