package dev.longhaul.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Collects what is wrong with a request, up to a bound: a request may have hundreds of thousands of
 * wrong places, and neither the work nor the answer may grow with them. Loops over what a caller
 * sent ask {@link #full()} and stop.
 */
public final class Violations {
  /** How many are collected; who has so many to mend will not miss the others. */
  public static final int MOST = 50;

  /** For how many unknown names a similar known one is looked for. */
  private static final int SUGGESTIONS = 5;

  private final List<Violation> found = new ArrayList<>();
  private int unknown;
  private boolean more;

  /** Notes one, unless there are enough. */
  public void add(String path, String message) {
    add(new Violation(path, message));
  }

  /** Notes one, unless there are enough. */
  public void add(Violation violation) {
    if (full()) {
      more = true;
    } else {
      found.add(violation);
    }
  }

  /** Notes several, each unless there are enough. */
  public void addAll(Collection<Violation> violations) {
    violations.forEach(this::add);
  }

  /** Words the refusal of an unknown name; only the first few are compared with what is known. */
  public String unknown(String name, Collection<String> known) {
    return ++unknown <= SUGGESTIONS ? NearestName.unknown(name, known) : "unknown";
  }

  /** Whether there are enough: nobody needs to look for more. */
  public boolean full() {
    return found.size() >= MOST;
  }

  /** Whether nothing is wrong so far. */
  public boolean none() {
    return found.isEmpty();
  }

  /** What was collected; the last one says so if there was more. */
  public List<Violation> list() {
    if (!more) {
      return List.copyOf(found);
    }
    List<Violation> cut = new ArrayList<>(found);
    cut.add(new Violation("", "and more: only the first " + MOST + " are named"));
    return List.copyOf(cut);
  }
}
