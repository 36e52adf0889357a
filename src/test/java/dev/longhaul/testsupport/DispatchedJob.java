package dev.longhaul.testsupport;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.job.JobId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job that was dispatched to {@link FakeJobs}.
 *
 * @param caller the owner of the job
 * @param method the MCP method
 * @param tool the tool, or null if the method calls none
 * @param params the method's params
 * @param options the options of the dispatch
 */
public record DispatchedJob(
    JobId id,
    Caller caller,
    String method,
    @Nullable String tool,
    ObjectNode params,
    JobOptions options) {

  /** The tool's arguments, or the params of another method. */
  public ObjectNode arguments() {
    if (tool == null) {
      return params;
    }
    return params.get("arguments") instanceof ObjectNode given
        ? given
        : JsonNodeFactory.instance.objectNode();
  }

  /** One argument; a missing node if it is absent. */
  public JsonNode argument(String name) {
    return arguments().path(name);
  }

  /** The name of the tool, or of the method if it calls no tool. */
  public String name() {
    return tool == null ? method : tool;
  }

  /** The text shown in assertion messages. */
  @Override
  public String toString() {
    return name() + " " + arguments();
  }
}
