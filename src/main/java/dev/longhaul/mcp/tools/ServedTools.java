package dev.longhaul.mcp.tools;

import dev.longhaul.catalog.Page;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.mcp.delivery.OperationSchema;
import dev.longhaul.mcp.operation.OperationTools;
import dev.longhaul.schema.MirroredParams;
import dev.longhaul.tool.InvalidParamsException;
import dev.longhaul.tool.TaskSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools in tools/list: the catalogue in its order, then the operation tools. */
public final class ServedTools {
  private static final Logger log = LoggerFactory.getLogger(ServedTools.class);

  /** How many descriptions of tools that are no longer served are kept at least. */
  private static final int KEPT = 100;

  private final ToolCatalogue catalogue;
  private final List<ServedTool> operations;
  private final OperationTools operationTools;
  private final int pageSize;
  private final ConcurrentHashMap<String, Described> described = new ConcurrentHashMap<>();

  public ServedTools(ToolCatalogue catalogue, OperationTools operationTools, int pageSize) {
    this.catalogue = catalogue;
    this.operationTools = operationTools;
    this.operations = operationTools.descriptions().stream().map(ServedTools::plain).toList();
    this.pageSize = pageSize;
  }

  /** The tool of that name, or empty if none is served. */
  public Optional<ServedTool> find(String name) {
    if (operationTools.has(name)) {
      return operations.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }
    return catalogue.find(name).flatMap(this::served);
  }

  /**
   * One page.
   *
   * @param cursor the cursor from the previous page, or null for the first page
   * @param description which of a tool's entries to list
   * @throws InvalidParamsException if the cursor is not one of this server's
   */
  public Page page(@Nullable JsonNode cursor, Function<ServedTool, ObjectNode> description) {
    catalogue.awaitFirst();
    return Page.of(all(), cursor, pageSize, ServedTool::name, description);
  }

  private List<ServedTool> all() {
    List<ServedTool> all = new ArrayList<>();
    for (Tool tool : catalogue.all()) {
      if (tool.listed() && !operationTools.has(tool.name())) {
        served(tool).ifPresent(all::add);
      }
    }
    if (described.size() > 2 * all.size() + KEPT) {
      described.clear(); // most of them are of tools that are gone
    }
    all.addAll(operations);
    return all;
  }

  @SuppressWarnings("ReferenceEquality")
  private Optional<ServedTool> served(Tool tool) {
    // Compared by identity, because a tool can be replaced by another one of the same name.
    Described known = described.get(tool.name());
    if (known == null || known.tool() != tool) {
      known = new Described(tool, describe(tool));
      described.put(tool.name(), known);
    }
    return known.served();
  }

  private static Optional<ServedTool> describe(Tool tool) {
    try {
      MirroredParams mirrored = MirroredParams.of(tool.description().path("inputSchema"));
      ObjectNode modern = tool.description().deepCopy();
      widenOutputSchema(modern);
      // What another server says of its tool stays as it is.
      boolean own = tool.id().equals(tool.name());
      if (own) {
        ListedAnnotations.write(modern);
      }
      ExecutionNote.write(tool.policy(), modern);
      ObjectNode legacy = legacy(modern);
      return Optional.of(
          new ServedTool(
              tool.name(),
              modern,
              legacy,
              own ? ListedAnnotations.titled(legacy) : legacy,
              mirrored,
              tool.policy().taskSupport()));
    } catch (IllegalArgumentException e) {
      log.warn(
          "Tool {} is not served over MCP, because clients would refuse its description: {}",
          tool.name(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static void widenOutputSchema(ObjectNode description) {
    if (description.remove("outputSchema") instanceof ObjectNode own) {
      OperationSchema.widened(own).ifPresent(wide -> description.set("outputSchema", wide));
    }
  }

  // Before 2026-07-28 the root of an output schema must have the type object.
  private static ObjectNode legacy(ObjectNode modern) {
    ObjectNode legacy = modern.deepCopy();
    if (!"object".equals(modern.path("outputSchema").path("type").stringValue(null))) {
      legacy.remove("outputSchema");
    }
    return legacy;
  }

  private static ServedTool plain(ObjectNode description) {
    return new ServedTool(
        description.path("name").asString(),
        description,
        description,
        ListedAnnotations.titled(description),
        MirroredParams.NONE,
        TaskSupport.FORBIDDEN);
  }

  private record Described(Tool tool, Optional<ServedTool> served) {}
}
