package dev.longhaul.intake.flow;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.tool.Violation;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with a batch or chain, up to a bound. */
final class Violations {
  private static final int MOST = 100;

  private final List<Violation> found = new ArrayList<>();
  private int more;

  void add(String path, String message) {
    if (found.size() < MOST) {
      found.add(new Violation(path, message));
    } else {
      more++;
    }
  }

  boolean none() {
    return found.isEmpty();
  }

  /** Refuses the request if anything is wrong with it. */
  void check(boolean malformed) {
    if (!found.isEmpty()) {
      if (more > 0) {
        found.add(new Violation("", "and " + more + " more"));
        more = 0;
      }
      throw new IntakeException.InvalidFlow(malformed, found);
    }
  }
}
