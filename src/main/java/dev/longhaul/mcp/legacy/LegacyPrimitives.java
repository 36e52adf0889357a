package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.primitive.PrimitiveCalls;
import dev.longhaul.mcp.primitive.PrimitiveParams;
import dev.longhaul.mcp.primitive.ServedPrimitives;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The methods of resources, prompts and completion on the earlier revisions. */
public final class LegacyPrimitives {
  private final Map<String, Function<@Nullable JsonNode, ObjectNode>> lists;
  private final Map<String, Calling> calls;

  /**
   * A method that runs an author's code.
   *
   * @param params reads its params, or refuses them
   * @param action answers it
   */
  record Calling(UnaryOperator<ObjectNode> params, Consumer<Call> action) {}

  public LegacyPrimitives(ServedPrimitives served, PrimitiveCalls calls) {
    this.lists =
        Map.of(
            "resources/list", served::resources,
            "resources/templates/list", served::templates,
            "prompts/list", served::prompts);
    this.calls =
        Map.of(
            PrimitiveCalls.READ, new Calling(PrimitiveParams::read, calls::read),
            PrimitiveCalls.PROMPT, new Calling(PrimitiveParams::prompt, calls::prompt),
            PrimitiveCalls.COMPLETE, new Calling(PrimitiveParams::complete, calls::complete));
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
