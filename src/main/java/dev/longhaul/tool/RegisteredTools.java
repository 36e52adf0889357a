package dev.longhaul.tool;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The tools of this process, each with its schema compiled. Filled once, while starting. */
public final class RegisteredTools implements ToolCatalogue {
  // server/tools.mdx, Tool Names; 64 because the conformance suite enforces that.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private final Map<String, Tool> tools = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, CompiledSchema> schemas = new ConcurrentHashMap<>();

  /**
   * Adds a tool.
   *
   * @throws IllegalStateException if its name is bad or taken, or its schema cannot be compiled;
   *     the message says which tool and what to change
   */
  public void register(Tool tool) {
    String name = tool.name();
    if (!NAME.matcher(name).matches()) {
      throw new IllegalStateException(
          "Tool name '" + name + "' must be 1 to 64 of A-Z a-z 0-9 _ . -; rename the tool.");
    }
    try {
      schemas.put(name, new CompiledSchema(tool.description().path("inputSchema")));
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "The input schema of tool '" + name + "' cannot be compiled: " + e.getMessage(), e);
    }
    if (tools.putIfAbsent(name, tool) != null) {
      throw new IllegalStateException(
          "Two tools are named '" + name + "'; rename one of them or leave its bean out.");
    }
  }

  @Override
  public Optional<Tool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  @Override
  public Collection<Tool> all() {
    synchronized (tools) {
      return List.copyOf(tools.values());
    }
  }

  @Override
  public List<Violation> violations(Tool tool, JsonNode arguments) {
    CompiledSchema schema = schemas.get(tool.name());
    return schema == null ? List.of() : schema.violations(arguments);
  }
}
