package dev.longhaul.intake.flow;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.flow.FlowBody.Chunk;
import dev.longhaul.intake.flow.FlowDefinition.Call;
import dev.longhaul.schema.Pointers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Divides a call with a long list into several. {@code {"tool", "arguments", "list": "items",
 * "size": 100}} becomes calls with at most 100 elements of the argument {@code items} each, in
 * order.
 */
final class Chunks {
  private static final String PATH = "/chunk";
  private static final int DEFAULT_SIZE = 100;
  // Prevents a small request from filling the store.
  private static final long MOST_REPEATED = 50_000_000;

  private Chunks() {}

  /**
   * One call for each chunk.
   *
   * @throws IntakeException {@link dev.longhaul.intake.Refusal.InvalidFlow} if the call cannot be
   *     divided
   */
  static List<Call> of(Chunk chunk, int mostJobs) {
    Call whole = FlowReader.call(chunk.job(), PATH);
    int size = chunk.size() == null ? DEFAULT_SIZE : chunk.size();
    String name = chunk.list();
    JsonNode arguments = whole.params().path("arguments");
    if (!(arguments.path(name) instanceof ArrayNode items) || items.isEmpty()) {
      throw FlowReader.refused(
          whole.argumentsPath() + "/" + Pointers.escaped(name),
          "must be a list of at least one item, because \"list\" names it");
    }
    int jobs = (items.size() - 1) / size + 1;
    if (jobs > mostJobs) {
      throw FlowReader.refused(
          PATH + "/size",
          items.size()
              + " items by "
              + size
              + " are "
              + jobs
              + " jobs; at most "
              + mostJobs
              + " are allowed (longhaul.flows.request.max-jobs). Choose a larger size");
    }
    long repeated = (long) jobs * others(whole, name);
    if (repeated > MOST_REPEATED) {
      throw FlowReader.refused(
          whole.argumentsPath(),
          "the arguments beside the list would be stored "
              + jobs
              + " times, "
              + repeated
              + " characters in all; at most "
              + MOST_REPEATED
              + " are allowed. Choose a larger size, or pass a path or a URL instead of the data");
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
}
