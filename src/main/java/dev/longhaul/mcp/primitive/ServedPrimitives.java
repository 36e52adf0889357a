package dev.longhaul.mcp.primitive;

import dev.longhaul.intake.cache.ListCache;
import dev.longhaul.mcp.Page;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Primitives;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.Resource;
import dev.longhaul.tool.ResourceTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What resources/list, resources/templates/list and prompts/list show: the same to everyone, in a
 * stable order. Every method throws {@link RpcException} for a cursor that is none of ours.
 */
public final class ServedPrimitives {
  private final Primitives primitives;
  private final int pageSize;
  private final ListCache lists;

  public ServedPrimitives(Primitives primitives, int pageSize, ListCache lists) {
    this.primitives = primitives;
    this.pageSize = pageSize;
    this.lists = lists;
  }

  private ObjectNode kept(String list, @Nullable JsonNode cursor, Supplier<ObjectNode> made) {
    return lists.page(list, cursor == null ? "" : cursor.toString(), made);
  }

  /** A ListResourcesResult without what belongs to a revision. */
  public ObjectNode resources(@Nullable JsonNode cursor) {
    return kept(
        "resources",
        cursor,
        () ->
            Page.of(
                    List.copyOf(primitives.resources()),
                    cursor,
                    pageSize,
                    Resource::uri,
                    Resource::description)
                .result("resources"));
  }

  /** A ListResourceTemplatesResult: the authors' first, then our own. */
  public ObjectNode templates(@Nullable JsonNode cursor) {
    return kept("templates", cursor, () -> templatesNow(cursor));
  }

  private ObjectNode templatesNow(@Nullable JsonNode cursor) {
    List<ObjectNode> all = new ArrayList<>();
    for (ResourceTemplate template : primitives.templates()) {
      all.add(template.description());
    }
    all.addAll(JobResources.descriptions());
    return Page.of(
            all,
            cursor,
            pageSize,
            description -> description.path("uriTemplate").asString(),
            description -> description)
        .result("resourceTemplates");
  }

  /** A ListPromptsResult. */
  public ObjectNode prompts(@Nullable JsonNode cursor) {
    return kept(
        "prompts",
        cursor,
        () ->
            Page.of(
                    List.copyOf(primitives.prompts()),
                    cursor,
                    pageSize,
                    Prompt::name,
                    Prompt::description)
                .result("prompts"));
  }
}
