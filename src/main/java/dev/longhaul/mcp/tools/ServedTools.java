package dev.longhaul.mcp.tools;

import dev.longhaul.catalog.Page;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.mcp.delivery.OperationSchema;
import dev.longhaul.mcp.operation.OperationTools;
import dev.longhaul.mcp.wire.MirroredParams;
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

/** What tools/list shows: the catalogue in its order, then the operation tools. */
public final class ServedTools {
  private static final Logger log = LoggerFactory.getLogger(ServedTools.class);

  private final ToolCatalogue catalogue;
  private final List<ServedTool> operations;
  private final OperationTools operationTools;
  private final int pageSize;
  private final ConcurrentHashMap<String, Seen> seen = new ConcurrentHashMap<>();

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
   * @param cursor what the previous page gave, or null for the first
   * @param description which of a tool's descriptions to show
   * @throws InvalidParamsException if the cursor is none of ours
   */
  public Page page(@Nullable JsonNode cursor, Function<ServedTool, ObjectNode> description) {
    return Page.of(all(), cursor, pageSize, ServedTool::name, description);
  }

  private List<ServedTool> all() {
    List<ServedTool> all = new ArrayList<>();
    for (Tool tool : catalogue.all()) {
      if (tool.listed() && !operationTools.has(tool.name())) {
        served(tool).ifPresent(all::add);
      }
    }
    all.addAll(operations);
    return all;
  }

  @SuppressWarnings("ReferenceEquality")
  private Optional<ServedTool> served(Tool tool) {
    // By identity: two tools of one name are never served at once, but one can replace another.
    Seen known = seen.get(tool.name());
    if (known == null || known.tool() != tool) {
      known = new Seen(tool, describe(tool));
      seen.put(tool.name(), known);
    }
    return known.served();
  }

  private static Optional<ServedTool> describe(Tool tool) {
    try {
      MirroredParams mirrored = MirroredParams.of(tool.description().path("inputSchema"));
      ObjectNode modern = tool.description().deepCopy();
      widenOutputSchema(modern);
      ListedAnnotations.write(modern);
      ExecutionNote.write(tool.policy(), modern);
      ObjectNode legacy = legacy(modern);
      return Optional.of(
          new ServedTool(
              tool.name(),
              modern,
              legacy,
              ListedAnnotations.titled(legacy),
              mirrored,
              tool.policy().taskSupport()));
    } catch (IllegalArgumentException e) {
      log.warn(
          "Tool {} is not served over MCP, because clients would refuse it: {}",
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

  // Before 2026-07-28 an output schema's root must be of type object.
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

  private record Seen(Tool tool, Optional<ServedTool> served) {}
}
