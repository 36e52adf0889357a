package dev.longhaul.intake;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.schema.Violation;
import dev.longhaul.schema.Violations;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads from JSON how a caller wants its call to run: the same names and rules on every front door.
 * Finds everything that is wrong, not only the first; whether the tool and the settings allow it is
 * the intake's question.
 */
public final class OptionsReader {
  /** The name of the URL that is told of the end. */
  public static final String CALLBACK_URL = "callback_url";

  /** The name of the list of further channels. */
  public static final String NOTIFY = "notify";

  /** The names it knows. */
  public static final Set<String> NAMES =
      Set.of(
          "priority",
          "queue",
          "delay_seconds",
          "run_at",
          "timeout_seconds",
          "deadline_seconds",
          "retry_until",
          "max_attempts",
          "backoff_seconds",
          "idempotency_key",
          "concurrency",
          "rate",
          "no_cache",
          CALLBACK_URL,
          NOTIFY);

  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(10L * 365 * 24 * 3600);
  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
  private static final int MOST_WAITS = RetryPolicy.MOST_ATTEMPTS;
  private static final int MOST_CHANNELS = 10;
  private static final int LONGEST_QUEUE = 100;
  private static final int LONGEST_URL = 2_000;

  private final Function<String, @Nullable JsonNode> fields;
  private final Violations violations = new Violations();

  /**
   * @param fields gives the value of a name, or null if it has none
   */
  public OptionsReader(Function<String, @Nullable JsonNode> fields) {
    this.fields = fields;
  }

  /** Reads all; use it only if there are no {@link #violations()}. */
  public JobOptions.Builder read() {
    return JobOptions.builder()
        .priority(priority())
        .queue(queue())
        .delay(seconds("delay_seconds", true))
        .runAt(instant("run_at"))
        .timeout(seconds("timeout_seconds", false))
        .deadline(seconds("deadline_seconds", false))
        .retryUntil(instant("retry_until"))
        .maxAttempts(whole("max_attempts", RetryPolicy.MOST_ATTEMPTS))
        .backoff(backoff())
        .idempotencyKey(key())
        .concurrency(whole("concurrency", Integer.MAX_VALUE))
        .rate(rate())
        .noCache(flag("no_cache"))
        .callbackUrl(callbackUrl())
        .channels(channels());
  }

  /** What is wrong; the path of each is its name. */
  public List<Violation> violations() {
    return violations.list();
  }

  private @Nullable Priority priority() {
    JsonNode node = given("priority");
    if (node == null) {
      return null;
    }
    if (node.isString() || node.isIntegralNumber()) {
      var parsed = Priority.parse(node.asString());
      if (parsed.isPresent()) {
        return parsed.get();
      }
    }
    wrong(
        "priority",
        "must be urgent, high, default, low or a whole number of "
            + Priority.MIN
            + " to "
            + Priority.MAX);
    return null;
  }

  private @Nullable String queue() {
    JsonNode node = given("queue");
    if (node == null) {
      return null;
    }
    if (node.isString()
        && !node.asString().isBlank()
        && node.asString().length() <= LONGEST_QUEUE) {
      return node.asString();
    }
    wrong("queue", "must be the name of a queue, 1 to " + LONGEST_QUEUE + " characters");
    return null;
  }

  private @Nullable Duration seconds(String name, boolean zeroAllowed) {
    JsonNode node = given(name);
    return node == null ? null : seconds(name, node, zeroAllowed);
  }

  private @Nullable Duration seconds(String name, JsonNode node, boolean zeroAllowed) {
    boolean number = node.isNumber() && Double.isFinite(node.doubleValue());
    BigDecimal seconds = number ? node.decimalValue() : BigDecimal.valueOf(-1);
    if (seconds.compareTo(LONGEST_SECONDS) > 0) {
      wrong(name, "must be at most " + LONGEST_SECONDS.toPlainString() + " seconds");
      return null;
    }
    long millis = seconds.multiply(MILLIS).longValue();
    // Less than a millisecond is nothing to the queue.
    if (zeroAllowed ? seconds.signum() < 0 : millis < 1) {
      wrong(name, "must be a number of seconds, " + (zeroAllowed ? "0 or more" : "above 0"));
      return null;
    }
    return Duration.ofMillis(millis);
  }

  private @Nullable Instant instant(String name) {
    JsonNode node = given(name);
    if (node == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(node.isString() ? node.asString() : "").toInstant();
    } catch (DateTimeException e) {
      wrong(name, "must be a time of RFC 3339, such as \"2026-12-24T18:00:00Z\"");
      return null;
    }
  }

  private @Nullable Integer whole(String name, int most) {
    JsonNode node = given(name);
    if (node == null) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      int number = node.asInt();
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    wrong(
        name,
        most == Integer.MAX_VALUE
            ? "must be a whole number above 0"
            : "must be a whole number of 1 to " + most);
    return null;
  }

  private @Nullable List<Duration> backoff() {
    String name = "backoff_seconds";
    JsonNode node = given(name);
    if (node == null) {
      return null;
    }
    if (!node.isArray() || node.isEmpty() || node.size() > MOST_WAITS) {
      wrong(name, "must be a list of 1 to " + MOST_WAITS + " numbers of seconds");
      return null;
    }
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      Duration wait = seconds(name + "/" + i, node.get(i), true);
      waits.add(wait == null ? Duration.ZERO : wait);
    }
    return waits;
  }

  private @Nullable String key() {
    JsonNode node = given("idempotency_key");
    if (node == null) {
      return null;
    }
    if (node.isString() && isKey(node.asString())) {
      return node.asString();
    }
    wrong("idempotency_key", keyRule());
    return null;
  }

  /** Whether a text can be an idempotency key. */
  public static boolean isKey(String text) {
    return !text.isBlank() && text.length() <= IdempotencyKey.MAX_LENGTH;
  }

  /** What an idempotency key has to be, in words. */
  public static String keyRule() {
    return "must be a string of 1 to " + IdempotencyKey.MAX_LENGTH + " characters";
  }

  private @Nullable Rate rate() {
    JsonNode node = given("rate");
    if (node == null) {
      return null;
    }
    Optional<Rate> rate = Rate.parse(node.isString() ? node.asString() : "");
    if (rate.isEmpty()) {
      wrong("rate", "must be calls per time, such as \"10/s\", \"100/m\" or \"5/30s\"");
    }
    return rate.orElse(null);
  }

  private @Nullable String callbackUrl() {
    JsonNode node = given(CALLBACK_URL);
    if (node == null) {
      return null;
    }
    if (node.isString() && !node.asString().isBlank() && node.asString().length() <= LONGEST_URL) {
      return node.asString();
    }
    wrong(CALLBACK_URL, "must be a URL of 1 to " + LONGEST_URL + " characters");
    return null;
  }

  private List<String> channels() {
    JsonNode node = given(NOTIFY);
    if (node == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    if (node.isArray() && node.size() <= MOST_CHANNELS) {
      node.forEach(one -> names.add(one.stringValue("")));
    }
    if (names.isEmpty() != node.isEmpty() || !node.isArray() || names.contains("")) {
      wrong(NOTIFY, "must be a list of up to " + MOST_CHANNELS + " names of channels");
      return List.of();
    }
    return names;
  }

  private boolean flag(String name) {
    JsonNode node = given(name);
    if (node != null && !node.isBoolean()) {
      wrong(name, "must be true or false");
    }
    return node != null && node.isBoolean() && node.booleanValue();
  }

  /** The field, or null if it is absent or null. */
  private @Nullable JsonNode given(String name) {
    JsonNode node = fields.apply(name);
    return node == null || node.isNull() ? null : node;
  }

  private void wrong(String name, String message) {
    violations.add(name, message);
  }
}
