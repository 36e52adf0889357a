package dev.longhaul.catalog;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Completes the CompleteResult of a handler. */
public final class CompletionValues {
  /** CompleteResult's own limit. */
  private static final int MAX_VALUES = 100;

  private CompletionValues() {}

  /** The same result, with at most 100 values and all its fields. */
  public static ObjectNode bounded(ObjectNode result) {
    ObjectNode completion =
        result.get("completion") instanceof ObjectNode given
            ? given
            : result.putObject("completion");
    ArrayNode values =
        completion.get("values") instanceof ArrayNode given ? given : completion.putArray("values");
    int found = values.size();
    if (found > MAX_VALUES) {
      ArrayNode first = completion.putArray("values");
      values.valueStream().limit(MAX_VALUES).forEach(first::add);
      completion.put("hasMore", true);
    }
    if (!completion.path("total").isNumber()) {
      completion.put("total", found);
    }
    if (!completion.path("hasMore").isBoolean()) {
      completion.put("hasMore", false);
    }
    return result;
  }
}
