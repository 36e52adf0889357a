package dev.longhaul.builtin;

import dev.longhaul.tool.PermanentFailureException;
import org.springframework.util.unit.DataSize;

/** Text that came as an argument. */
final class InlineText {
  private InlineText() {}

  /** Refuses text that is too long. */
  static void require(String argument, String text, DataSize max) {
    // Every character is a byte at least: no need to encode what is too long anyway.
    if (text.length() > max.toBytes()) {
      throw new PermanentFailureException(
          "'"
              + argument
              + "' has "
              + text.length()
              + " characters; at most "
              + max.toBytes()
              + " are accepted. Send less, or ask the operator to raise"
              + " longhaul.builtin.max-inline.");
    }
  }
}
