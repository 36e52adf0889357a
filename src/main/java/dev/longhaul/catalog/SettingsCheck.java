package dev.longhaul.catalog;

import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Validates the settings of a tool and names the invalid one. Each source is validated on its own,
 * even where another source overrides it.
 */
record SettingsCheck(SettingsSource source) {
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int MAX_QUEUE_NAME = 100;
  private static final int MAX_WAITS = 100;
  private static final int MAX_CONDITIONS = 20;
  private static final int MAX_EXCEPTIONS = 50;

  /** Returns the settings if all are valid. */
  ToolSettings checked(ToolSettings settings) {
    queue(settings.queue());
    positive("timeout", settings.timeout());
    notNegative("hold", settings.hold());
    within("attempts", settings.attempts(), 1, RetryPolicy.MOST_ATTEMPTS, "");
    backoff(settings.backoff());
    permanentExceptions(settings.permanentExceptions());
    within("concurrency", settings.concurrency(), 1, Integer.MAX_VALUE, "");
    notNegative("cache", settings.cache());
    cacheWhen(settings.cacheWhen());
    positive("estimate", settings.estimate());
    within(
        "breakerFailures",
        settings.breakerFailures(),
        0,
        BreakerPolicy.MAX_FAILURES,
        " (never open)");
    positive("breakerOpen", settings.breakerOpen());
    notNegative("slowAfter", settings.slowAfter());
    positive("pollInterval", settings.pollInterval());
    return settings;
  }

  private void queue(@Nullable String queue) {
    if (queue != null && (queue.isBlank() || queue.length() > MAX_QUEUE_NAME)) {
      throw source.wrong("queue", queue, "use a name of 1 to " + MAX_QUEUE_NAME + " characters");
    }
  }

  private void backoff(@Nullable List<Duration> backoff) {
    if (backoff == null) {
      return;
    }
    if (backoff.isEmpty() || backoff.size() > MAX_WAITS) {
      throw source.wrong("backoff", backoff, "use 1 to " + MAX_WAITS + " waits, such as 5s,1m");
    }
    backoff.forEach(wait -> notNegative("backoff", wait));
  }

  private void permanentExceptions(@Nullable List<String> names) {
    if (names == null) {
      return;
    }
    if (names.size() > MAX_EXCEPTIONS) {
      throw source.wrong(
          "permanentExceptions", names, "use up to " + MAX_EXCEPTIONS + " names of exceptions");
    }
    for (String name : names) {
      try {
        var _ = PermanentExceptions.named(List.of(name));
      } catch (IllegalArgumentException e) {
        throw source.wrong("permanentExceptions", name, String.valueOf(e.getMessage()));
      }
    }
  }

  private void cacheWhen(@Nullable List<CacheCondition> conditions) {
    if (conditions != null && conditions.size() > MAX_CONDITIONS) {
      throw source.wrong(
          "cacheWhen",
          conditions.size() + " conditions",
          "use up to " + MAX_CONDITIONS + " conditions");
    }
  }

  private void positive(String attribute, @Nullable Duration time) {
    if (time != null && (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST) > 0)) {
      throw source.wrong(attribute, time, "use a duration from 1ms to 365d, such as 60s");
    }
  }

  private void notNegative(String attribute, @Nullable Duration time) {
    if (time != null && (time.isNegative() || time.compareTo(LONGEST) > 0)) {
      throw source.wrong(attribute, time, "use a duration from 0s to 365d, such as 60s");
    }
  }

  private void within(
      String attribute, @Nullable Integer number, int least, int most, String ofLeast) {
    if (number == null || (number >= least && number <= most)) {
      return;
    }
    throw source.wrong(
        attribute,
        number,
        most == Integer.MAX_VALUE
            ? "use a whole number from " + least
            : "use " + least + ofLeast + " to " + most);
  }
}
