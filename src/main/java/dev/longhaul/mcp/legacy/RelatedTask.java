package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import tools.jackson.databind.node.ObjectNode;

/** Marks a message in {@code _meta} with the task of 2025-11-25 that it belongs to. */
final class RelatedTask {
  private static final String KEY = "io.modelcontextprotocol/related-task";

  private RelatedTask() {}

  /**
   * Marks a result or the params of a request or notification.
   *
   * @return the same object
   */
  static ObjectNode mark(ObjectNode resultOrParams, JobId task) {
    ObjectNode meta =
        resultOrParams.get("_meta") instanceof ObjectNode given
            ? given
            : resultOrParams.putObject("_meta");
    meta.putObject(KEY).put("taskId", task.value());
    return resultOrParams;
  }
}
