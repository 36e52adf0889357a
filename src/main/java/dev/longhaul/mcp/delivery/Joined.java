package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A repeated call goes on with the job of the call before it.
 *
 * @param job the job as it was found
 * @param since when the first of these calls came
 */
record Joined(Job job, Instant since) {
  /**
   * The key in {@code _meta} of the answer: the operation that was joined, and since when it is.
   */
  static final String KEY = "dev.longhaul/joined";

  /** Says so in an answer: in words at its end, and for programs. */
  static void say(ObjectNode result, JobId job, Instant since) {
    ObjectNode meta =
        result.get("_meta") instanceof ObjectNode given ? given : result.putObject("_meta");
    meta.putObject(KEY).put("operation_id", job.value()).put("since", since.toString());
    if (result.get("content") instanceof ArrayNode content) {
      content
          .addObject()
          .put("type", "text")
          .put(
              "text",
              "The same call was made at "
                  + since
                  + " and its answer had not arrived, so this is the answer of that call (operation "
                  + job
                  + "); the tool was not started again. To start it again, send"
                  + " \"dev.longhaul/repeat\": \"new\" in _meta.");
    }
  }
}
