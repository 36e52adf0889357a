package dev.longhaul.schema;

/**
 * One way in which arguments break a tool's input schema. Both texts are cut to a length that is
 * enough to find the place: they may quote what the caller sent, which can be megabytes.
 *
 * @param path JSON Pointer to the place in the arguments; empty for the whole
 * @param message what is wrong there
 */
public record Violation(String path, String message) {
  private static final int LONGEST_PATH = 300;
  private static final int LONGEST_MESSAGE = 1_000;

  public Violation {
    path = shortened(path, LONGEST_PATH);
    message = shortened(message, LONGEST_MESSAGE);
  }

  private static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
