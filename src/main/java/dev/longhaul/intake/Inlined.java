package dev.longhaul.intake;

import dev.longhaul.job.Outcome;
import dev.longhaul.tool.Question;
import java.util.List;

/** How a call that runs inline came back. */
public sealed interface Inlined {
  /** It has ended. */
  record Ended(Outcome outcome) implements Inlined {}

  /**
   * It wants answers, and is to be called again with them.
   *
   * @param questions all with keys
   */
  record Asks(List<Question> questions) implements Inlined {}
}
