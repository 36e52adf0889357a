package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Priority;
import dev.longhaul.rest.Problem.Place;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns the body of {@code POST /jobs} into a submission, and names everything wrong with it. */
final class SubmitReader {
  private static final Set<String> FIELDS =
      Set.of(
          "method",
          "params",
          "priority",
          "delay_seconds",
          "timeout_seconds",
          "max_attempts",
          "metadata");
  private static final int MOST_ATTEMPTS = 100;
  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(10L * 365 * 24 * 3600);
  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  private final ObjectNode body;
  private final List<Place> places = new ArrayList<>();

  private SubmitReader(ObjectNode body) {
    this.body = body;
  }

  static Submission read(ObjectNode body, Caller caller) {
    return new SubmitReader(body).submission(caller);
  }

  private Submission submission(Caller caller) {
    for (String name : body.propertyNames()) {
      if (!FIELDS.contains(name)) {
        wrong(name, NearestName.unknown(name, FIELDS));
      }
    }
    String method = method();
    ObjectNode params = params();
    Priority priority = priority();
    Duration delay = seconds("delay_seconds", true);
    Duration timeout = seconds("timeout_seconds", false);
    Integer attempts = attempts();
    Map<String, String> metadata = metadata();
    if (!places.isEmpty() || method == null || params == null) {
      throw new BadRequestException(places);
    }
    return new Submission(caller, method, params, priority, delay, timeout, attempts, metadata);
  }

  private @Nullable String method() {
    JsonNode node = body.get("method");
    if (node != null && node.isString()) {
      return node.asString();
    }
    wrong("method", "required: the MCP method to run, such as \"tools/call\"");
    return null;
  }

  private @Nullable ObjectNode params() {
    if (body.get("params") instanceof ObjectNode object) {
      return object;
    }
    wrong("params", "required: an object, for tools/call with \"name\" and \"arguments\"");
    return null;
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

  private @Nullable Duration seconds(String name, boolean zeroAllowed) {
    JsonNode node = given(name);
    if (node == null) {
      return null;
    }
    BigDecimal seconds = node.isNumber() ? node.decimalValue() : BigDecimal.valueOf(-1);
    // Less than a millisecond is nothing to the queue.
    boolean tooShort =
        zeroAllowed ? seconds.signum() < 0 : seconds.multiply(MILLIS).longValue() < 1;
    if (tooShort || seconds.compareTo(LONGEST_SECONDS) > 0) {
      wrong(name, "must be a number of seconds, " + (zeroAllowed ? "0 or more" : "above 0"));
      return null;
    }
    return Duration.ofMillis(seconds.multiply(MILLIS).longValue());
  }

  private @Nullable Integer attempts() {
    JsonNode node = given("max_attempts");
    if (node == null) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      int attempts = node.asInt();
      if (attempts >= 1 && attempts <= MOST_ATTEMPTS) {
        return attempts;
      }
    }
    wrong("max_attempts", "must be a whole number of 1 to " + MOST_ATTEMPTS);
    return null;
  }

  private Map<String, String> metadata() {
    JsonNode node = given("metadata");
    if (node == null) {
      return Map.of();
    }
    Map<String, String> metadata = new HashMap<>();
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        if (entry.getValue().isString()) {
          metadata.put(entry.getKey(), entry.getValue().asString());
        } else {
          wrong("metadata/" + escaped(entry.getKey()), "must be a string");
        }
      }
    } else {
      wrong("metadata", "must be an object of strings");
    }
    return metadata;
  }

  /** The field, or null if it is absent or null. */
  private @Nullable JsonNode given(String name) {
    JsonNode node = body.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private void wrong(String name, String message) {
    places.add(
        new Place(
            "/" + (FIELDS.contains(name) || name.startsWith("metadata/") ? name : escaped(name)),
            message));
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
