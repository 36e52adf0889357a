package dev.longhaul.testing;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.tool.Execution;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tools built without annotations. */
public final class Tools {
  public static final JsonMapper JSON = JsonMapper.builder().build();

  private Tools() {}

  /** A queued tool that accepts any object. An attempt may take a minute. */
  public static Tool queued(String name, ToolHandler handler) {
    return tool(name, Execution.QUEUED, Duration.ofMinutes(1), "{\"type\":\"object\"}", handler);
  }

  /** A repeatable queued tool with at most three attempts. */
  public static Tool repeatable(String name, ToolHandler handler) {
    Tool once = queued(name, handler);
    var policy =
        ToolPolicy.of(Execution.QUEUED, Duration.ofMinutes(1))
            .retry(new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true))
            .build();
    return new Tool(once.description(), policy, handler);
  }

  public static Tool inline(String name, Duration timeout, ToolHandler handler) {
    return tool(name, Execution.INLINE, timeout, "{\"type\":\"object\"}", handler);
  }

  public static Tool tool(
      String name, Execution execution, Duration timeout, String inputSchema, ToolHandler handler) {
    ObjectNode description = object("{}").put("name", name);
    description.set("inputSchema", JSON.readTree(inputSchema));
    var policy = ToolPolicy.of(execution, timeout).build();
    return new Tool(description, policy, handler);
  }

  /** A result with one text. */
  public static ObjectNode text(String text) {
    ObjectNode result = object("{}");
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  public static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json);
  }
}
