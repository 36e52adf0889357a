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
final class LegacyPrimitiveMethods {
  private final Map<String, Function<@Nullable JsonNode, ObjectNode>> lists;
  private final Map<String, Calling> calls;

  /**
   * A method that runs a resource, prompt or completion.
   *
   * @param params reads its params, or throws what they are refused with
   * @param action serves the call
   */
  record Calling(UnaryOperator<ObjectNode> params, Consumer<Call> action) {}

  LegacyPrimitiveMethods(ServedPrimitives served, PrimitiveCalls calls) {
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

  /** The result of a list method, or null for another method. */
  @Nullable ObjectNode list(String method, @Nullable JsonNode cursor) {
    var list = lists.get(method);
    return list == null ? null : list.apply(cursor);
  }

  /** How to serve a method, or null for another method. */
  @Nullable Calling calling(String method) {
    return calls.get(method);
  }
}
