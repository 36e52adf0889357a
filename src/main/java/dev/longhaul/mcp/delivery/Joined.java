package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.queue.HeldCalls.HeldCall;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A repeated call that continues with the job of an earlier identical call.
 *
 * @param job the job as it was found
 * @param record the stored record of the call, as this call has changed it
 */
record Joined(Job job, HeldCall record) {
  /**
   * The key in {@code _meta} of the result: the operation that was joined and when it was first
   * called.
   */
  static final String KEY = "dev.longhaul/joined";

  /** The time of the first of these calls. */
  Instant since() {
    return record.since();
  }

  /**
   * Adds a notice to a result: as text, in {@code _meta}, and in structured content if Longhaul
   * wrote that. A tool's own structured content is not changed, because its schema may not allow
   * it.
   */
  static void addNotice(ObjectNode result, JobId job, Instant since) {
    ObjectNode meta =
        result.get("_meta") instanceof ObjectNode given ? given : result.putObject("_meta");
    meta.putObject(KEY).put("operation_id", job.value()).put("since", since.toString());
    String words =
        "The same call was made at "
            + since
            + " and its answer had not arrived, so this is the answer of that call (operation "
            + job
            + "); the tool was not started again. To start it again, send"
            + " \"dev.longhaul/repeat\": \"new\" in _meta.";
    boolean inText = false;
    if (result.get("structuredContent") instanceof ObjectNode structured) {
      if (meta.has(HandOver.OPERATION) || meta.has(ResultTruncation.CUT)) {
        structured.put("notice", words);
      } else if (isEnvelope(structured)) {
        inText = warn(result, structured, words);
      }
    }
    if (!inText && result.get("content") instanceof ArrayNode content) {
      content.addObject().put("type", "text").put("text", words);
    }
  }

  /**
   * Whether it is a {@link dev.longhaul.tool.ToolAnswer}, recognised by the timing that Longhaul
   * adds.
   */
  private static boolean isEnvelope(ObjectNode structured) {
    return structured.path("summary").isString()
        && structured.path("timing").has("headroom_seconds");
  }

  /**
   * Adds the warning to the envelope; returns whether the text content is a copy of it that was
   * updated too.
   */
  private static boolean warn(ObjectNode result, ObjectNode envelope, String words) {
    String before = Json.text(envelope);
    envelope.withArray("warnings").addObject().put("code", "JOINED").put("message", words);
    JsonNode content = result.path("content");
    if (content.size() == 1
        && content.get(0) instanceof ObjectNode text
        && text.path("text").stringValue("").equals(before)) {
      text.put("text", Json.text(envelope));
      return true;
    }
    return false;
  }
}
