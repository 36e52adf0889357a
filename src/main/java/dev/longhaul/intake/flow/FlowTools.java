package dev.longhaul.intake.flow;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.intake.request.RequestSchema;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.TaskSupport;
import org.springframework.beans.factory.SmartInitializingSingleton;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools {@code run_batch} and {@code run_chain}. A call of one of them is not stored as a job:
 * the intake stores the batch or chain, whose id is the id of the operation.
 */
final class FlowTools implements SmartInitializingSingleton {
  private final RegisteredTools tools;
  private final ToolPolicies policies;
  private final JsonMapper json;

  FlowTools(RegisteredTools tools, ToolPolicies policies, JsonMapper json) {
    this.tools = tools;
    this.policies = policies;
    this.json = json;
  }

  // After all other tools are registered, so that these are listed last.
  @Override
  public void afterSingletonsInstantiated() {
    tools.register(tool(FlowKind.BATCH.tool(), "Run a batch", BATCH_TEXT, "batch.json"));
    tools.register(tool(FlowKind.CHAIN.tool(), "Run a chain", CHAIN_TEXT, "chain.json"));
  }

  private Tool tool(String name, String title, String text, String schema) {
    ObjectNode description = json.createObjectNode();
    description.put("name", name).put("title", title).put("description", text);
    // Models get only a description of callbacks: each schema would be as large as that of the
    // jobs.
    description.set("inputSchema", RequestSchema.of(schema).forModels("CallbackRequest"));
    ToolPolicy policy = policies.of(description);
    // Never inline or limited: the jobs are queued and have limits themselves.
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
}
