package dev.longhaul.catalog;

import dev.longhaul.tool.Change;
import java.util.Optional;

/** Writes a change as text: its kind, and for a resource a space and the URI. */
final class ChangeCodec {
  private static final String TOOLS = "tools";
  private static final String PROMPTS = "prompts";
  private static final String RESOURCES = "resources";
  private static final String RESOURCE = "resource ";

  private ChangeCodec() {}

  static String text(Change change) {
    return switch (change) {
      case Change.Tools _ -> TOOLS;
      case Change.Prompts _ -> PROMPTS;
      case Change.Resources _ -> RESOURCES;
      case Change.Resource resource -> RESOURCE + resource.uri();
    };
  }

  /** Parses a change; empty for an unknown kind, as of a later version. */
  static Optional<Change> change(String text) {
    return switch (text) {
      case TOOLS -> Optional.of(new Change.Tools());
      case PROMPTS -> Optional.of(new Change.Prompts());
      case RESOURCES -> Optional.of(new Change.Resources());
      case String t when t.startsWith(RESOURCE) && !t.substring(RESOURCE.length()).isBlank() ->
          Optional.of(new Change.Resource(t.substring(RESOURCE.length())));
      default -> Optional.empty();
    };
  }
}
