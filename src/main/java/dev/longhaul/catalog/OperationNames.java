package dev.longhaul.catalog;

import dev.longhaul.catalog.OperationContext.Kind;
import dev.longhaul.tool.InvalidParamsException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds what a run is called in the catalogue, so that no text of a caller becomes a name. */
final class OperationNames {
  /** Without a catalogue: tools have their names, primitives none. */
  static final OperationNames NONE = new OperationNames(null);

  private static final String OTHER = "_OTHER";

  private final @Nullable Primitives primitives;

  OperationNames(@Nullable Primitives primitives) {
    this.primitives = primitives;
  }

  /**
   * The context of a run.
   *
   * @param params of tools/call, or of the tool's method
   */
  OperationContext operation(Tool tool, ObjectNode params, AttemptContext context) {
    JsonNode own = context.isJob() ? params.path("arguments") : params;
    Kind kind =
        switch (tool.method()) {
          case Tool.CALL -> Kind.TOOL;
          case ServedMethods.READ -> Kind.RESOURCE;
          case ServedMethods.PROMPT -> Kind.PROMPT;
          case ServedMethods.COMPLETE -> Kind.COMPLETION;
          default -> Kind.LIST;
        };
    String name =
        switch (kind) {
          case TOOL, LIST -> tool.id();
          case RESOURCE -> resource(own.path("uri").stringValue(""));
          case PROMPT -> prompt(own.path("name").stringValue(""));
          case COMPLETION -> completion(own.path("ref"));
        };
    return new OperationContext(
        kind,
        name,
        context.isJob(),
        kind == Kind.TOOL && tool.policy().internal(),
        context.id(),
        context.attempt());
  }

  private String resource(String uri) {
    return primitives == null ? OTHER : primitives.resourceName(uri).orElse(OTHER);
  }

  private String prompt(String name) {
    return Optional.ofNullable(primitives).flatMap(p -> p.prompt(name)).isPresent() ? name : OTHER;
  }

  private String completion(JsonNode ref) {
    if (primitives == null) {
      return OTHER;
    }
    try {
      Completion.Reference of = MethodParams.reference(ref);
      return primitives.completion(of).isPresent() ? of.id() : OTHER;
    } catch (InvalidParamsException e) {
      return OTHER;
    }
  }
}
