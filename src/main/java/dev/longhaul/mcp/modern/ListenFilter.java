package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The notifications that a client wants: the SubscriptionFilter of 2026-07-28 with the {@code
 * taskIds} of the tasks extension. Unknown fields are ignored.
 *
 * @param uris the resources whose updates are wanted, without duplicates
 * @param taskIds the tasks whose changes are wanted, without duplicates
 */
record ListenFilter(
    boolean tools, boolean prompts, boolean resources, List<String> uris, List<String> taskIds) {
  private static final String TOOLS = "toolsListChanged";
  private static final String PROMPTS = "promptsListChanged";
  private static final String RESOURCES = "resourcesListChanged";
  private static final String URIS = "resourceSubscriptions";
  private static final String TASKS = "taskIds";

  ListenFilter {
    uris = List.copyOf(uris);
    taskIds = List.copyOf(taskIds);
  }

  /**
   * Reads the params of subscriptions/listen.
   *
   * @param maxEntries how many resources and tasks together one stream may name
   * @throws RpcException {@code INVALID_PARAMS}
   */
  static ListenFilter read(ObjectNode params, int maxEntries) {
    if (!(params.get("notifications") instanceof ObjectNode filter)) {
      throw RpcException.invalidParams("params.notifications must be an object.");
    }
    var read =
        new ListenFilter(
            flag(filter, TOOLS),
            flag(filter, PROMPTS),
            flag(filter, RESOURCES),
            names(filter, URIS),
            names(filter, TASKS));
    if (read.uris.size() + read.taskIds.size() > maxEntries) {
      throw RpcException.invalidParams(
          "params.notifications names more than "
              + maxEntries
              + " resources and tasks (longhaul.mcp.listen.max-entries); open another stream for"
              + " the rest.");
    }
    return read;
  }

  /**
   * The part that this server honours by its capabilities.
   *
   * @param uris the resources that can be followed
   * @param taskIds the tasks that can be followed
   */
  ListenFilter covered(ObjectNode capabilities, List<String> uris, List<String> taskIds) {
    return new ListenFilter(
        tools && says(capabilities, "tools", "listChanged"),
        prompts && says(capabilities, "prompts", "listChanged"),
        resources && says(capabilities, "resources", "listChanged"),
        says(capabilities, "resources", "subscribe") ? uris : List.of(),
        taskIds);
  }

  /** The JSON for the acknowledgement, without fields that are false or empty. */
  ObjectNode json() {
    ObjectNode json = Replies.object();
    put(json, TOOLS, tools);
    put(json, PROMPTS, prompts);
    put(json, RESOURCES, resources);
    put(json, URIS, uris);
    put(json, TASKS, taskIds);
    return json;
  }

  private static boolean says(ObjectNode capabilities, String primitive, String what) {
    return capabilities.path(primitive).path(what).asBoolean(false);
  }

  private static void put(ObjectNode json, String name, boolean value) {
    if (value) {
      json.put(name, true);
    }
  }

  private static void put(ObjectNode json, String name, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(json.putArray(name)::add);
    }
  }

  private static boolean flag(ObjectNode filter, String name) {
    JsonNode value = given(filter, name);
    if (value != null && !value.isBoolean()) {
      throw RpcException.invalidParams("params.notifications." + name + " must be a boolean.");
    }
    return value != null && value.booleanValue();
  }

  private static List<String> names(ObjectNode filter, String name) {
    JsonNode values = given(filter, name);
    if (values == null) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode value : values) {
      if (!value.isString() || value.asString().isBlank()) {
        throw notNames(name);
      }
      names.add(value.asString());
    }
    if (!values.isArray()) {
      throw notNames(name);
    }
    return new ArrayList<>(names);
  }

  private static RpcException notNames(String name) {
    return RpcException.invalidParams(
        "params.notifications." + name + " must be an array of strings.");
  }

  private static @Nullable JsonNode given(ObjectNode filter, String name) {
    JsonNode value = filter.get(name);
    return value == null || value.isNull() ? null : value;
  }
}
