package dev.longhaul.intake.flow;

import dev.longhaul.job.Limits;
import dev.longhaul.tool.BreakerPolicy;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.RegisteredTools;
import dev.longhaul.tool.TaskSupport;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCatalogue;
import dev.longhaul.tool.ToolPolicies;
import dev.longhaul.tool.ToolPolicy;
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
  private final FlowLimits limits;
  private final JsonMapper json;

  FlowTools(ToolCatalogue tools, ToolPolicies policies, FlowLimits limits, JsonMapper json) {
    this.tools = tools;
    this.policies = policies;
    this.limits = limits;
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
        new ToolPolicy(
            Execution.QUEUED,
            policy.queue(),
            policy.priority(),
            policy.timeout(),
            policy.retry(),
            false,
            Limits.NONE,
            BreakerPolicy.DEFAULT,
            policy.taskSupport() == TaskSupport.FORBIDDEN && policy.execution() == Execution.INLINE
                ? TaskSupport.OPTIONAL
                : policy.taskSupport());
    return new Tool(
        description,
        queued,
        call -> {
          throw new IllegalStateException(name + " is never run by a worker");
        });
  }

  private static final String BATCH_TEXT =
      "Runs many tool calls as one batch, in parallel as far as their limits allow, and returns"
          + " counts and results. Use it instead of many calls of the same kind, or divide one long"
          + " list argument over several calls with \"chunk\".";

  private static final String CHAIN_TEXT =
      "Runs tool calls one after the other. A step can use results of steps before it: write"
          + " {{RESULT_FROM_PREVIOUS}} for the whole result of the step before,"
          + " {{previous#/json/pointer}} for a part of it, {{steps.1#/json/pointer}} for a part of"
          + " the result of step 1; a value keeps its type. A step that fails ends the chain.";

  // Without $ref and $defs: what converts the schema for a model often drops what they name.
  private static final String CALLBACKS =
      """
      "then": {"type": "array", "maxItems": 10, "items": {"type": "object"},
        "description": "Calls to start when all of it completed: each a tool with its arguments,\
       or {\\"callback_url\\": …}."},
      "catch": {"type": "array", "maxItems": 10, "items": {"type": "object"},
        "description": "The same at the first failure."},
      "finally": {"type": "array", "maxItems": 10, "items": {"type": "object"},
        "description": "The same at the end, however it was."},
      "callback_url": {"type": "string", "description": "Where a signed POST tells of the end."},
      "notify": {"type": "array", "maxItems": 10, "items": {"type": "string"},
        "description": "Further channels that tell of the end."}
      """;

  // Nothing beside anyOf: Vertex AI takes it only alone.
  private static final String JOB =
      """
      {"type": "object", "properties": {
        "tool": {"type": "string", "description": "The tool to call."},
        "arguments": {"type": "object", "description": "Its arguments."},
        "priority": {"anyOf": [
          {"type": "string", "description": "urgent, high, default, low, or a number."},
          {"type": "integer"}]},
        "timeout_seconds": {"type": "number", "description": "How long one attempt may run."},
        "max_attempts": {"type": "integer", "minimum": 1}},
        "required": ["tool"]}
      """;

  private String batch() {
    return """
    {"type": "object", "properties": {
       "name": {"type": "string", "description": "What to call it."},
       "queue": {"type": "string", "description": "The queue all its jobs wait in."},
       "jobs": {"type": "array", "minItems": 1, "maxItems": %d, "items": %s,
         "description": "The calls. Give either this or chunk."},
       "chunk": {"type": "object", "properties": {
           "tool": {"type": "string"}, "arguments": {"type": "object"},
           "list": {"type": "string", "description": "The argument that is a list."},
           "size": {"type": "integer", "minimum": 1, "default": 100}},
         "required": ["tool", "arguments", "list"],
         "description": "One call whose list argument is divided over several."},
       "allow_failures": {"type": "boolean", "default": false,
         "description": "Whether the others go on when one fails."},
       %s}}
    """
        .formatted(limits.maxJobs(), JOB, CALLBACKS);
  }

  private String chain() {
    return """
    {"type": "object", "properties": {
       "name": {"type": "string", "description": "What to call it."},
       "queue": {"type": "string", "description": "The queue all its steps wait in."},
       "steps": {"type": "array", "minItems": 1, "maxItems": %d, "items": %s,
         "description": "The calls, in their order."},
       %s},
     "required": ["steps"]}
    """
        .formatted(limits.maxSteps(), JOB, CALLBACKS);
  }
}
