package dev.longhaul.mcp.legacy;

import dev.longhaul.catalog.MethodParams;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ServedPrimitives;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.primitive.PrimitiveCalls;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The methods of resources, prompts and completion on the earlier revisions. */
final class LegacyPrimitives {
  private final Map<String, Function<@Nullable JsonNode, ObjectNode>> lists;
  private final Map<String, Calling> calls;

  /**
   * A method that runs an author's code.
   *
   * @param params reads its params, or refuses them
   * @param action answers it
   */
  record Calling(UnaryOperator<ObjectNode> params, Consumer<Call> action) {}

  LegacyPrimitives(ServedPrimitives served, PrimitiveCalls calls) {
    this.lists =
        Map.of(
            ServedMethods.RESOURCES, served::resources,
            ServedMethods.TEMPLATES, served::templates,
            ServedMethods.PROMPTS, served::prompts);
    this.calls =
        Map.of(
            ServedMethods.READ, new Calling(MethodParams::read, calls::read),
            ServedMethods.PROMPT, new Calling(MethodParams::prompt, calls::prompt),
            ServedMethods.COMPLETE, new Calling(MethodParams::complete, calls::complete));
  }

  /** The result of a list method, or null if it is none of these. */
  @Nullable ObjectNode list(String method, @Nullable JsonNode cursor) {
    var list = lists.get(method);
    return list == null ? null : list.apply(cursor);
  }

  /** How a method is called, or null if it is none of these. */
  @Nullable Calling calling(String method) {
    return calls.get(method);
  }
}
