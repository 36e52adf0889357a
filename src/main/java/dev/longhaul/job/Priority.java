package dev.longhaul.job;

import java.util.Optional;

/**
 * How urgent a job is. Any number is accepted. There are lists for four bands, so two numbers of
 * one band are served in order of arrival.
 *
 * @param value higher is sooner: urgent 20, high 10, default 0, low -10
 */
public record Priority(int value) {
  public static final Priority URGENT = new Priority(20);
  public static final Priority HIGH = new Priority(10);
  public static final Priority DEFAULT = new Priority(0);
  public static final Priority LOW = new Priority(-10);

  /** How many bands there are; band 0 is the most urgent. */
  public static final int BANDS = 4;

  public static final int MIN = -1000;
  public static final int MAX = 1000;

  public Priority {
    if (value < MIN || value > MAX) {
      throw new IllegalArgumentException(
          "priority must be " + MIN + " to " + MAX + ", not " + value);
    }
  }

  /** The name of a band, for metrics and pages. */
  public static String bandName(int band) {
    return switch (band) {
      case 0 -> "urgent";
      case 1 -> "high";
      case 2 -> "default";
      case 3 -> "low";
      default -> throw new IllegalArgumentException("no band " + band);
    };
  }

  /** Reads a name ({@code urgent}, {@code high}, {@code default}, {@code low}) or a number. */
  public static Optional<Priority> parse(String text) {
    return switch (text) {
      case "urgent" -> Optional.of(URGENT);
      case "high" -> Optional.of(HIGH);
      case "default" -> Optional.of(DEFAULT);
      case "low" -> Optional.of(LOW);
      default -> parseNumber(text);
    };
  }

  /**
   * The same, for settings.
   *
   * @throws IllegalArgumentException saying what is allowed, if it is none
   */
  public static Priority of(String text) {
    return parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "use urgent, high, default, low or a number from " + MIN + " to " + MAX));
  }

  /** The name if the number has one, else the number. */
  public String wire() {
    return switch (value) {
      case 20 -> "urgent";
      case 10 -> "high";
      case 0 -> "default";
      case -10 -> "low";
      default -> Integer.toString(value);
    };
  }

  private static Optional<Priority> parseNumber(String text) {
    try {
      int number = Integer.parseInt(text);
      return number < MIN || number > MAX ? Optional.empty() : Optional.of(new Priority(number));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
