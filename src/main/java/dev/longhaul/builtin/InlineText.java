package dev.longhaul.builtin;

import dev.longhaul.tool.PermanentFailureException;
import org.springframework.util.unit.DataSize;

/** Checks text arguments. */
final class InlineText {
  private InlineText() {}

  /** Refuses text that is too long. */
  static void require(String argument, String text, DataSize max) {
    // Each character has at least one byte in UTF-8, so the text need not be encoded for this
    // check.
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
