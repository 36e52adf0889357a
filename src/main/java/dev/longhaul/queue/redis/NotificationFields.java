package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.queue.DeliveryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The field {@code nt} of a job or flow, from which notify.lua makes deliveries: {@code c}
 * constants, {@code t} tool, {@code q} queue, {@code b} band, {@code cl} slots, {@code rf} ms until
 * no further attempt may start, {@code h} headers of the deliveries, {@code to} targets with
 * channel {@code c} and {@code u} URL. And the entries of a log: {@code d} delivery, {@code c}
 * channel, {@code e} event, {@code t} time in ms, and of an attempt {@code n} number, {@code l} how
 * many ms it took, {@code s} status, {@code r} error, {@code m} message.
 */
final class NotificationFields {
  /** The field's name. */
  static final String FIELD = "nt";

  private NotificationFields() {}

  static String write(NotificationPlan plan, String owner, int band, String line, JsonMapper json) {
    var spec =
        new JobSpec(
            "tools/call",
            plan.tool(),
            owner,
            plan.queue(),
            plan.priority(),
            plan.timeout(),
            plan.retry(),
            Map.of());
    ObjectNode node = json.createObjectNode();
    node.put("c", FixedFields.last(spec, owner));
    node.put("l", line);
    node.put("t", plan.tool());
    node.put("q", plan.queue());
    node.put("b", Integer.toString(band));
    node.put("cl", Integer.toString(plan.concurrency()));
    node.put("rf", plan.retryUntil().toMillis());
    if (plan.isHeaded()) {
      node.put("h", plan.headers());
    }
    ArrayNode targets = node.putArray("to");
    for (NotificationPlan.Target target : plan.targets()) {
      ObjectNode one = targets.addObject().put("c", target.channel());
      if (target.url() != null) {
        one.put("u", target.url());
      }
    }
    return json.writeValueAsString(node);
  }

  static String write(DeliveryEntry entry, JsonMapper json) {
    ObjectNode node = json.createObjectNode();
    node.put("d", entry.delivery().value());
    node.put("c", entry.channel());
    node.put("e", entry.event());
    node.put("t", Long.toString(entry.at().toEpochMilli()));
    DeliveryEntry.Attempt attempt = entry.attempt();
    if (attempt != null) {
      node.put("n", attempt.number());
      node.put("l", attempt.took().toMillis());
      if (attempt.status() != null) {
        node.put("s", attempt.status());
      }
      if (attempt.error() != null) {
        node.put("r", attempt.error());
      }
      if (attempt.message() != null) {
        node.put("m", attempt.message());
      }
    }
    return json.writeValueAsString(node);
  }

  static DeliveryEntry read(String stored, JsonMapper json) {
    JsonNode node = json.readTree(stored);
    return new DeliveryEntry(
        new JobId(node.path("d").asString()),
        node.path("c").asString(),
        node.path("e").asString(),
        Instant.ofEpochMilli(Long.parseLong(node.path("t").asString())),
        node.has("n") ? attempt(node) : null);
  }

  private static DeliveryEntry.Attempt attempt(JsonNode node) {
    return new DeliveryEntry.Attempt(
        node.path("n").asInt(),
        Duration.ofMillis(node.path("l").asLong()),
        node.has("s") ? Integer.valueOf(node.path("s").asInt()) : null,
        text(node, "r"),
        text(node, "m"));
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.path(name).stringValue(null);
  }
}
