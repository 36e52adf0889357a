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
 * A repeated call goes on with the job of the call before it.
 *
 * @param job the job as it was found
 * @param stands what is noted of these calls now
 */
record Joined(Job job, HeldCall stands) {
  /**
   * The key in {@code _meta} of the answer: the operation that was joined, and since when it is.
   */
  static final String KEY = "dev.longhaul/joined";

  /** When the first of these calls came. */
  Instant since() {
    return stands.since();
  }

  /**
   * Says so in an answer: in words at its end, in structured content that is Longhaul's own, and
   * for programs. A tool's own structured content is left alone: its schema may allow nothing more.
   */
  static void say(ObjectNode result, JobId job, Instant since) {
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
    boolean told = false;
    if (result.get("structuredContent") instanceof ObjectNode structured) {
      if (meta.has(HandOver.OPERATION) || meta.has(ResultCut.CUT)) {
        structured.put("notice", words);
      } else if (isEnvelope(structured)) {
        told = warn(result, structured, words);
      }
    }
    if (!told && result.get("content") instanceof ArrayNode content) {
      content.addObject().put("type", "text").put("text", words);
    }
  }

  /** Whether it is a {@link dev.longhaul.tool.ToolAnswer}: the timing is written by Longhaul. */
  private static boolean isEnvelope(ObjectNode structured) {
    return structured.path("summary").isString()
        && structured.path("timing").has("headroom_seconds");
  }

  /** Whether the only text is the envelope, which then has the warning as well. */
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
