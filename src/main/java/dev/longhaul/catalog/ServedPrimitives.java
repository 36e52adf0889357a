package dev.longhaul.catalog;

import dev.longhaul.tool.InvalidParamsException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves resources/list, resources/templates/list and prompts/list: the same for all callers, in a
 * stable order. Every method throws {@link InvalidParamsException} for an invalid cursor.
 */
public final class ServedPrimitives {
  private final Primitives primitives;
  private final List<ObjectNode> moreTemplates;
  private final int pageSize;
  private final PageCache pages;

  /**
   * @param moreTemplates entries added at the end of resources/templates/list
   * @param pageSize how many entries a page has at most
   * @param pages the cache of pages
   */
  public ServedPrimitives(
      Primitives primitives, List<ObjectNode> moreTemplates, int pageSize, PageCache pages) {
    this.primitives = primitives;
    this.moreTemplates = List.copyOf(moreTemplates);
    this.pageSize = pageSize;
    this.pages = pages;
  }

  private ObjectNode kept(String list, @Nullable JsonNode cursor, Supplier<ObjectNode> made) {
    primitives.awaitFirst();
    return pages.page(list, cursor == null ? "" : cursor.toString(), made);
  }

  /** A ListResourcesResult, without fields that depend on the revision. */
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

  /** A ListResourceTemplatesResult. */
  public ObjectNode templates(@Nullable JsonNode cursor) {
    return kept("templates", cursor, () -> templatesNow(cursor));
  }

  private ObjectNode templatesNow(@Nullable JsonNode cursor) {
    List<ObjectNode> all = new ArrayList<>();
    for (ResourceTemplate template : primitives.templates()) {
      all.add(template.description());
    }
    all.addAll(moreTemplates);
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
