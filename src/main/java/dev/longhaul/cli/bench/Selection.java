package dev.longhaul.cli.bench;

import dev.longhaul.cli.CommandFailedException;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What of a server is called.
 *
 * @param targets what changes nothing
 * @param asked tools that are not marked as read-only, of which a person is asked first
 */
record Selection(List<Target> targets, List<Target> asked) {
  private static final List<Map<String, Object>> NONE = List.of(Map.of());

  Selection {
    targets = List.copyOf(targets);
    asked = List.copyOf(asked);
  }

  /**
   * One thing.
   *
   * @throws CommandFailedException when the server has no such tool
   */
  static Selection of(
      BenchOptions.Named named, List<Map<String, Object>> arguments, BenchServer server) {
    Target target = new Target(named.kind(), named.name(), arguments);
    if (named.kind() != Target.Kind.TOOL) {
      return new Selection(List.of(target), List.of());
    }
    List<McpSchema.Tool> tools = server.tools();
    McpSchema.Tool tool =
        tools.stream()
            .filter(one -> one.name().equals(named.name()))
            .findFirst()
            .orElseThrow(() ->
                new CommandFailedException(
                    "The server has no tool " + named.name() + ".",
                    "It has: "
                        + String.join(", ", tools.stream().map(McpSchema.Tool::name).toList())
                        + "."));
    return isReadOnly(tool)
        ? new Selection(List.of(target), List.of())
        : new Selection(List.of(), List.of(target));
  }

  /**
   * All that the server lists and that can be called: without required arguments, or with those of
   * the file.
   */
  static Selection mixed(Map<String, Map<String, Object>> arguments, BenchServer server) {
    List<Target> targets = new ArrayList<>();
    List<Target> asked = new ArrayList<>();
    for (McpSchema.Tool tool : server.tools()) {
      Map<String, Object> given = arguments.get(tool.name());
      if (given != null || needsNothing(tool)) {
        Target target =
            new Target(Target.Kind.TOOL, tool.name(), given == null ? NONE : List.of(given));
        (isReadOnly(tool) ? targets : asked).add(target);
      }
    }
    for (McpSchema.Resource resource : server.resources()) {
      targets.add(new Target(Target.Kind.RESOURCE, resource.uri(), NONE));
    }
    for (McpSchema.Prompt prompt : server.prompts()) {
      Map<String, Object> given = arguments.get(prompt.name());
      if (given != null || needsNothing(prompt)) {
        targets.add(
            new Target(Target.Kind.PROMPT, prompt.name(), given == null ? NONE : List.of(given)));
      }
    }
    return new Selection(targets, asked);
  }

  private static boolean isReadOnly(McpSchema.Tool tool) {
    return tool.annotations() != null && Boolean.TRUE.equals(tool.annotations().readOnlyHint());
  }

  private static boolean needsNothing(McpSchema.Tool tool) {
    return tool.inputSchema() == null
        || !(tool.inputSchema().get("required") instanceof List<?> required)
        || required.isEmpty();
  }

  private static boolean needsNothing(McpSchema.Prompt prompt) {
    return prompt.arguments() == null
        || prompt.arguments().stream()
            .noneMatch(argument -> Boolean.TRUE.equals(argument.required()));
  }
}
