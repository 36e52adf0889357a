package dev.longhaul.rest.compat;

import dev.longhaul.schema.NearestName;
import dev.longhaul.schema.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Collects everything that is wrong with a command's params, in the adapter's form. */
final class FieldErrors {
  private record Wrong(String field, String message) {}

  private static final int SUGGESTIONS = 5;
  private static final int MOST = Violations.MOST;

  private final List<Wrong> all = new ArrayList<>();

  void add(String field, String message) {
    if (!full()) {
      all.add(new Wrong(field, message));
    }
  }

  /** Words an unknown name; only the first few are compared with what is known. */
  String unknown(String name, Set<String> known) {
    return all.size() < SUGGESTIONS ? NearestName.unknown(name, known) : "unknown";
  }

  /** Whether there is no room for more: nobody reads them. */
  boolean full() {
    return all.size() >= MOST;
  }

  /**
   * Ends the reading.
   *
   * @throws CommandException that names all fields, if any is wrong
   */
  void check() {
    if (all.isEmpty()) {
      return;
    }
    ArrayNode errors = JsonNodeFactory.instance.arrayNode();
    all.forEach(
        wrong -> errors.addObject().put("field", wrong.field()).put("message", wrong.message()));
    throw CommandException.of(
            CommandException.INVALID_PARAMS,
            "INVALID_PARAMS",
            "Validation error: "
                + String.join(
                    "; ",
                    all.stream().map(wrong -> wrong.field() + " " + wrong.message()).toList()),
            "Correct the fields that errors names.")
        .with("errors", errors);
  }
}
