package dev.longhaul.intake.flow;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.queue.FlowKind;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds a batch or chain in Java. It has the same JSON form as in the REST API, so {@code job}
 * maps can have the options of a job request, such as {@code priority}.
 */
public final class FlowDraft {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final FlowKind kind;
  private final ObjectNode json = JSON.createObjectNode();

  private FlowDraft(FlowKind kind, String name) {
    this.kind = kind;
    json.put("name", name);
  }

  /** Begins a batch: jobs that run in any order. */
  public static FlowDraft batch(String name) {
    return new FlowDraft(FlowKind.BATCH, name);
  }

  /** Begins a chain: each step starts when the previous one has completed. */
  public static FlowDraft chain(String name) {
    return new FlowDraft(FlowKind.CHAIN, name);
  }

  /**
   * Adds a job, or the next step.
   *
   * @param arguments anything that Jackson writes as a JSON object
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
   * Adds a job for each chunk of a list.
   *
   * @param arguments the arguments, including the list
   * @param list the name of the argument with the list
   * @param size the number of items per job
   */
  public FlowDraft chunk(String tool, Object arguments, String list, int size) {
    json.set(
        "chunk",
        JSON.valueToTree(Map.of("tool", tool, "arguments", arguments, "list", list, "size", size)));
    return this;
  }

  /** Adds a job that is started at an event of the batch or chain. */
  public FlowDraft callback(FlowCallback when, String tool, Object arguments) {
    json.withArray(when.wire()).add(JSON.valueToTree(Map.of("tool", tool, "arguments", arguments)));
    return this;
  }

  /** Adds a webhook that is called at an event of the batch or chain. */
  public FlowDraft callback(FlowCallback when, String callbackUrl) {
    json.withArray(when.wire()).addObject().put("callback_url", callbackUrl);
    return this;
  }

  /** Lets the other jobs of a batch continue when one has failed. */
  public FlowDraft allowFailures() {
    json.put("allow_failures", true);
    return this;
  }

  /** Sets the webhook that is notified of its end. */
  public FlowDraft callbackUrl(String url) {
    json.put("callback_url", url);
    return this;
  }

  /** Adds further channels that are notified of its end. */
  public FlowDraft channels(String... names) {
    for (String channel : names) {
      json.withArray("notify").add(channel);
    }
    return this;
  }

  /** Sets the queue for all its jobs. */
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
