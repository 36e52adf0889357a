package dev.longhaul.catalog;

import dev.longhaul.schema.CompiledSchema;
import dev.longhaul.schema.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The registry of this process's tools, with their compiled schemas. Filled during the start. */
public final class RegisteredTools implements ToolCatalogue {
  // server/tools.mdx, Tool Names; 64 because the conformance suite enforces that.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  // Looked up with every call, so without a lock; the list keeps the order.
  private final Map<String, Tool> tools = new ConcurrentHashMap<>();
  private volatile List<Tool> ordered = List.of();
  private final Map<String, Tool> hidden = new ConcurrentHashMap<>();
  private final Map<String, CompiledSchema> inputs = new ConcurrentHashMap<>();

  /**
   * Adds a tool.
   *
   * @throws IllegalStateException if its name is invalid or already registered, or a schema cannot
   *     be compiled; the message names the tool and the remedy
   */
  public synchronized void register(Tool tool) {
    String name = tool.name();
    if (!NAME.matcher(name).matches()) {
      throw new IllegalStateException(
          "Tool name '" + name + "' must be 1 to 64 of A-Z a-z 0-9 _ . -; rename the tool.");
    }
    JsonNode input = tool.description().path("inputSchema");
    if (!"object".equals(input.path("type").stringValue(null))) {
      throw new IllegalStateException(
          "The input schema of tool '"
              + name
              + "' needs \"type\": \"object\" at its root (server/tools.mdx); correct the tool.");
    }
    CompiledSchema compiledInput = compiled(name, "input", input);
    JsonNode output = tool.description().path("outputSchema");
    CompiledSchema compiledOutput =
        output.isMissingNode() || output.isNull() ? null : compiled(name, "output", output);
    Tool checked =
        new Tool(
            tool.description(),
            tool.policy(),
            new ValidatedTool(name, tool.handler(), compiledOutput));
    if (hidden.containsKey(name)) {
      throw new IllegalStateException(
          "The tool name '" + name + "' is one of Longhaul's own; rename the tool.");
    }
    if (tools.putIfAbsent(name, checked) != null) {
      throw new IllegalStateException(
          "Two tools are named '" + name + "'; rename one of them or leave its bean out.");
    }
    inputs.put(name, compiledInput);
    List<Tool> all = new ArrayList<>(ordered);
    all.add(checked);
    ordered = List.copyOf(all);
  }

  /**
   * Adds an internal tool: only Longhaul itself submits jobs of it, and clients can neither list
   * nor call it.
   *
   * @throws IllegalStateException if there is one of that name
   */
  public synchronized void registerHidden(Tool tool) {
    if (tools.containsKey(tool.name())) {
      throw new IllegalStateException(
          "The tool name '" + tool.name() + "' is one of Longhaul's own; rename the tool.");
    }
    if (hidden.putIfAbsent(tool.name(), tool) != null) {
      throw new IllegalStateException("Two internal tools are named '" + tool.name() + "'.");
    }
  }

  private static CompiledSchema compiled(String tool, String which, JsonNode schema) {
    try {
      return new CompiledSchema(schema);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "The " + which + " schema of tool '" + tool + "' cannot be compiled: " + e.getMessage(),
          e);
    }
  }

  @Override
  public Optional<Tool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  @Override
  public Optional<Tool> runnable(String id) {
    // Internal tools first: a user's tool of the same name must not get their jobs.
    return Optional.ofNullable(hidden.get(id)).or(() -> find(id));
  }

  @Override
  public boolean isInternal(String id) {
    return hidden.containsKey(id) && !tools.containsKey(id);
  }

  @Override
  public Collection<Tool> all() {
    return ordered;
  }

  @Override
  public List<Violation> violations(Tool tool, JsonNode arguments) {
    CompiledSchema schema = inputs.get(tool.id());
    return schema == null ? List.of() : schema.violations(arguments);
  }
}
