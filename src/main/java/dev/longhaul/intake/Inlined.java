package dev.longhaul.intake;

import dev.longhaul.job.Outcome;
import dev.longhaul.tool.Question;
import java.util.List;

/** The result of running a call inline. */
public sealed interface Inlined {
  /** It has ended. */
  record Ended(Outcome outcome) implements Inlined {}

  /**
   * The tool asked its client; the call must be repeated with the answers.
   *
   * @param questions the questions, each with a key
   */
  record Asks(List<Question> questions) implements Inlined {}
}
