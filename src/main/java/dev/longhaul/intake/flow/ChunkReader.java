package dev.longhaul.intake.flow;

import dev.longhaul.intake.flow.FlowDefinition.Call;
import dev.longhaul.schema.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads {@code {"tool", "arguments", "list": "items", "size": 100}}: the call with the list in the
 * argument {@code items}, divided into calls with at most 100 items each, in their order.
 */
final class ChunkReader {
  private static final String PATH = "/chunk";
  private static final Set<String> FIELDS = Set.of("list", "size");
  private static final int DEFAULT_SIZE = 100;
  // A small request must not become a large store.
  private static final long MOST_REPEATED = 50_000_000;

  private final CallReader calls;
  private final Violations violations;
  private final int mostJobs;

  ChunkReader(CallReader calls, Violations violations, int mostJobs) {
    this.calls = calls;
    this.violations = violations;
    this.mostJobs = mostJobs;
  }

  /** One call for each chunk; none if something is wrong, which the violations then say. */
  List<Call> read(JsonNode node) {
    Call whole = calls.read(node, PATH, FIELDS);
    if (whole == null) {
      return List.of();
    }
    int size = size(node.get("size"));
    JsonNode list = node.path("list");
    if (!list.isString()) {
      violations.add(PATH + "/list", "required: the name of the argument that is to be divided");
      return List.of();
    }
    String name = list.asString();
    JsonNode arguments = whole.params().path("arguments");
    if (!(arguments.path(name) instanceof ArrayNode items) || items.isEmpty()) {
      violations.add(
          whole.argumentsPath() + "/" + CallReader.escaped(name),
          "must be a list of at least one item, because \"list\" names it");
      return List.of();
    }
    int jobs = (items.size() - 1) / size + 1;
    if (jobs > mostJobs) {
      violations.add(
          PATH + "/size",
          items.size()
              + " items by "
              + size
              + " are "
              + jobs
              + " jobs; at most "
              + mostJobs
              + " are allowed (longhaul.flows.request.max-jobs). Choose a larger size");
      return List.of();
    }
    long repeated = (long) jobs * others(whole, name);
    if (repeated > MOST_REPEATED) {
      violations.add(
          whole.argumentsPath(),
          "what stands beside the list would be stored "
              + jobs
              + " times, "
              + repeated
              + " characters in all; at most "
              + MOST_REPEATED
              + " are allowed. Choose a larger size, or pass a path or a URL instead of the data");
      return List.of();
    }
    List<Call> chunks = new ArrayList<>(jobs);
    for (int from = 0; from < items.size(); from += size) {
      chunks.add(chunk(whole, (ObjectNode) arguments, name, items, from, size));
    }
    return chunks;
  }

  private static int others(Call whole, String name) {
    ObjectNode others = whole.params().deepCopy();
    ((ObjectNode) others.path("arguments")).remove(name);
    return others.toString().length();
  }

  private static Call chunk(
      Call whole, ObjectNode arguments, String name, ArrayNode items, int from, int size) {
    ArrayNode some = JsonNodeFactory.instance.arrayNode();
    for (int i = from; i < Math.min(items.size(), from + size); i++) {
      some.add(items.get(i));
    }
    ObjectNode fewer = JsonNodeFactory.instance.objectNode();
    fewer.setAll(arguments);
    fewer.set(name, some);
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.setAll(whole.params());
    params.set("arguments", fewer);
    return new Call(whole.path(), whole.brief(), whole.method(), params, whole.options());
  }

  private int size(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return DEFAULT_SIZE;
    }
    if (node.isIntegralNumber() && node.canConvertToInt() && node.asInt() >= 1) {
      return node.asInt();
    }
    violations.add(PATH + "/size", "must be a whole number above 0");
    return DEFAULT_SIZE;
  }
}
