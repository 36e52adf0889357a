package dev.longhaul.intake.flow;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.queue.FlowKind;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A batch or chain to be submitted, put together in Java. It is what the front doors take, so
 * {@code job} maps can have the options of a job request too, such as {@code priority}.
 */
public final class FlowDraft {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final FlowKind kind;
  private final ObjectNode json = JSON.createObjectNode();

  private FlowDraft(FlowKind kind, String name) {
    this.kind = kind;
    json.put("name", name);
  }

  /** Many jobs in no promised order. */
  public static FlowDraft batch(String name) {
    return new FlowDraft(FlowKind.BATCH, name);
  }

  /** Steps, each of which starts when the one before has completed. */
  public static FlowDraft chain(String name) {
    return new FlowDraft(FlowKind.CHAIN, name);
  }

  /**
   * Adds a job, or the next step.
   *
   * @param arguments anything that is written as a JSON object
   */
  public FlowDraft job(String tool, Object arguments) {
    return job(Map.of("tool", tool, "arguments", arguments));
  }

  /** Adds a job request with its options, or the next step. */
  public FlowDraft job(Map<String, ?> request) {
    json.withArray(kind == FlowKind.BATCH ? "jobs" : "steps").add(JSON.valueToTree(request));
    return this;
  }

  /**
   * Makes a job of each chunk of a list.
   *
   * @param arguments among which is the list
   * @param list the argument that is the list
   * @param size how many items a job gets
   */
  public FlowDraft chunk(String tool, Object arguments, String list, int size) {
    json.set(
        "chunk",
        JSON.valueToTree(Map.of("tool", tool, "arguments", arguments, "list", list, "size", size)));
    return this;
  }

  /** Adds a job that is started when something becomes of it. */
  public FlowDraft callback(FlowCallback when, String tool, Object arguments) {
    json.withArray(when.wire()).add(JSON.valueToTree(Map.of("tool", tool, "arguments", arguments)));
    return this;
  }

  /** Adds a webhook that tells when something becomes of it. */
  public FlowDraft callback(FlowCallback when, String callbackUrl) {
    json.withArray(when.wire()).addObject().put("callback_url", callbackUrl);
    return this;
  }

  /** The other jobs of a batch go on when one has failed. */
  public FlowDraft allowFailures() {
    json.put("allow_failures", true);
    return this;
  }

  /** Where a webhook tells of its end. */
  public FlowDraft callbackUrl(String url) {
    json.put("callback_url", url);
    return this;
  }

  /** Further channels that tell of its end. */
  public FlowDraft channels(String... names) {
    for (String channel : names) {
      json.withArray("notify").add(channel);
    }
    return this;
  }

  /** The queue that all its jobs wait in. */
  public FlowDraft queue(String name) {
    json.put("queue", name);
    return this;
  }

  FlowKind kind() {
    return kind;
  }

  ObjectNode json() {
    return json;
  }

  @Override
  public String toString() {
    return kind.wire() + " of " + List.copyOf(json.propertyNames());
  }
}
