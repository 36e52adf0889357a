package dev.longhaul.intake.flow;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.TaskSupport;
import java.util.Set;
import org.springframework.beans.factory.SmartInitializingSingleton;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools {@code run_batch} and {@code run_chain}. A call of one of them is never a job of its
 * own: the intake stores the batch or chain, whose id is then the operation's.
 */
final class FlowTools implements SmartInitializingSingleton {
  static final String RUN_BATCH = "run_batch";
  static final String RUN_CHAIN = "run_chain";
  static final Set<String> NAMES = Set.of(RUN_BATCH, RUN_CHAIN);

  private final ToolCatalogue tools;
  private final ToolPolicies policies;
  private final JsonMapper json;

  FlowTools(ToolCatalogue tools, ToolPolicies policies, JsonMapper json) {
    this.tools = tools;
    this.policies = policies;
    this.json = json;
  }

  // Not earlier, so that they stand behind the tools they call.
  @Override
  public void afterSingletonsInstantiated() {
    if (tools instanceof RegisteredTools registered) {
      registered.register(tool(RUN_BATCH, "Run a batch", BATCH_TEXT, batch()));
      registered.register(tool(RUN_CHAIN, "Run a chain", CHAIN_TEXT, chain()));
    }
  }

  private Tool tool(String name, String title, String text, String schema) {
    ObjectNode description = json.createObjectNode();
    description.put("name", name).put("title", title).put("description", text);
    description.set("inputSchema", json.readTree(schema));
    ToolPolicy policy = policies.of(description);
    // Inline or limited it would make no sense: its jobs are queued, and have their own limits.
    ToolPolicy queued =
        ToolPolicy.of(Execution.QUEUED, policy.timeout())
            .queue(policy.queue())
            .priority(policy.priority())
            .retry(policy.retry())
            .taskSupport(
                policy.taskSupport() == TaskSupport.FORBIDDEN
                        && policy.execution() == Execution.INLINE
                    ? TaskSupport.OPTIONAL
                    : policy.taskSupport())
            .build();
    return new Tool(
        description,
        queued,
        call -> {
          throw new IllegalStateException(name + " is never run by a worker");
        });
  }

  private static final String BATCH_TEXT =
      "Runs many tool calls in parallel, as far as their limits allow, and returns counts and"
          + " results. Give jobs, or chunk to divide one long list argument over several calls.";

  private static final String CHAIN_TEXT =
      "Runs tool calls one after the other; the first that fails ends it. The arguments of a step"
          + " can use results before it: {{RESULT_FROM_PREVIOUS}}, {{previous#/json/pointer}} for a"
          + " part of it, {{steps.1#/json/pointer}} for a part of step 1's; a value keeps its type.";

  // Without $ref and $defs: what converts the schema for a model often drops what they name.
  private static final String CALLBACKS =
      """
      "then": {"type": "array", "items": {"type": "object"},
        "description": "If all completed: calls to start, each {tool, arguments} or {callback_url}."},
      "catch": {"type": "array", "items": {"type": "object"},
        "description": "The same at the first failure."},
      "finally": {"type": "array", "items": {"type": "object"},
        "description": "The same at the end, in any case."},
      "callback_url": {"type": "string", "description": "Gets a signed POST at the end."},
      "notify": {"type": "array", "items": {"type": "string"},
        "description": "Further channels to tell."}
      """;

  // Nothing beside anyOf: Vertex AI takes it only alone.
  private static final String JOB =
      """
      {"type": "object", "properties": {
        "tool": {"type": "string"}, "arguments": {"type": "object"},
        "priority": {"anyOf": [
          {"type": "string", "description": "urgent, high, default or low"}, {"type": "integer"}]},
        "timeout_seconds": {"type": "number", "description": "Of an attempt."},
        "max_attempts": {"type": "integer", "minimum": 1}},
        "required": ["tool"]}
      """;

  private static String batch() {
    return """
    {"type": "object", "properties": {
       "name": {"type": "string"},
       "queue": {"type": "string", "description": "The queue of all of it."},
       "jobs": {"type": "array", "items": %s},
       "chunk": {"type": "object", "properties": {
           "tool": {"type": "string"}, "arguments": {"type": "object"},
           "list": {"type": "string", "description": "The list argument's name."},
           "size": {"type": "integer", "minimum": 1, "default": 100}},
         "required": ["tool", "arguments", "list"],
         "description": "Instead of jobs: one call to divide."},
       "allow_failures": {"type": "boolean", "default": false,
         "description": "Go on when one fails."},
       %s}}
    """
        .formatted(JOB, CALLBACKS);
  }

  private static String chain() {
    return """
    {"type": "object", "properties": {
       "name": {"type": "string"},
       "queue": {"type": "string", "description": "The queue of all of it."},
       "steps": {"type": "array", "items": %s},
       %s},
     "required": ["steps"]}
    """
        .formatted(JOB, CALLBACKS);
  }
}
