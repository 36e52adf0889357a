package dev.longhaul.job;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token bucket: a number of calls per period, all of which may come at once.
 *
 * @param calls how many calls, at least 1
 * @param period in how much time, at least a millisecond
 */
public record Rate(int calls, Duration period) {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})/(\\d{0,6})(ms|s|m|h)");

  public Rate {
    if (calls < 1 || period.toMillis() < 1) {
      throw new IllegalArgumentException("a rate needs at least one call and one millisecond");
    }
  }

  /** Reads {@code 10/s}, {@code 100/m}, {@code 5/30s}. */
  public static Optional<Rate> parse(String text) {
    var matcher = SHAPE.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int calls = Integer.parseInt(matcher.group(1));
    long units = matcher.group(2).isEmpty() ? 1 : Long.parseLong(matcher.group(2));
    long unit =
        switch (matcher.group(3)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    return calls < 1 || units < 1
        ? Optional.empty()
        : Optional.of(new Rate(calls, Duration.ofMillis(units * unit)));
  }

  /**
   * The same, for settings.
   *
   * @throws IllegalArgumentException saying what is allowed, if it is none
   */
  public static Rate of(String text) {
    return parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("use calls per time, such as 10/s, 100/m or 5/30s"));
  }

  /** The time one call uses up, in milliseconds. */
  public double millisPerCall() {
    return (double) period.toMillis() / calls;
  }

  /** Whether this rate allows more calls than the other. */
  public boolean fasterThan(Rate other) {
    return millisPerCall() < other.millisPerCall() || calls > other.calls;
  }

  /** The text in the form that {@link #parse} reads. */
  @Override
  public String toString() {
    long millis = period.toMillis();
    return calls
        + "/"
        + (millis % 3_600_000 == 0
            ? units(millis / 3_600_000, "h")
            : millis % 60_000 == 0
                ? units(millis / 60_000, "m")
                : millis % 1_000 == 0 ? units(millis / 1_000, "s") : units(millis, "ms"));
  }

  private static String units(long count, String unit) {
    return (count == 1 ? "" : count) + unit;
  }
}
