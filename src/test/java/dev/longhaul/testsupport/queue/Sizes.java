package dev.longhaul.testsupport.queue;

import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import org.jspecify.annotations.Nullable;

/** How large results are: the larger, the shorter they are kept. */
final class Sizes {
  private Sizes() {}

  /** The characters of a result's JSON. */
  static long of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> answered.json().length();
      case Outcome.Refused refused -> refused.dataJson() == null ? 0 : refused.dataJson().length();
      case Outcome.Failed failed -> of(failed.partial());
      case Outcome.GivenUp givenUp -> of(givenUp.partial());
      case Outcome.Cancelled cancelled -> of(cancelled.partial());
    };
  }

  private static long of(@Nullable Partial partial) {
    return partial == null ? 0 : partial.json().length();
  }
}
