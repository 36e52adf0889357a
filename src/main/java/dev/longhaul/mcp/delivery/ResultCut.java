package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps answers to a size that clients and models can take: of a larger result the first part
 * travels, with a link to the resource that has all of it in pages. The same on every delivery, so
 * that a task has exactly what the plain call would have answered.
 *
 * @param limit the most bytes of a result as JSON
 */
public record ResultCut(long limit) {
  private static final String KNOWS_LINKS = "2025-06-18";

  /** How much of a larger result is sent, in characters; a page of the resource has as many. */
  public static final int PAGE = 100_000;

  private static final int NOTES = 2_000;

  /** Whether a revision knows links to resources; revisions are dates. */
  static boolean knowsLinks(String revision) {
    return revision.compareTo(KNOWS_LINKS) >= 0;
  }

  /** The URI of a job as a resource. */
  public static String jobUri(JobId id) {
    return "longhaul://jobs/" + id.value();
  }

  /** The URI of its result. */
  public static String resultUri(JobId id) {
    return jobUri(id) + "/result";
  }

  /**
   * The CallToolResult for how a job ended, cut if it is too large.
   *
   * @param links whether the client knows links to resources: since 2025-06-18
   */
  public ObjectNode of(JobId id, Outcome outcome, boolean links) {
    ObjectNode result = ToolResults.of(outcome);
    if (!(outcome instanceof Outcome.Answered answered)) {
      return result;
    }
    long size = bytes(answered.json());
    return size <= limit ? result : cut(id, size, result, links);
  }

  /** Whether an outcome is sent whole. */
  boolean fits(Outcome outcome) {
    return !(outcome instanceof Outcome.Answered answered) || bytes(answered.json()) <= limit;
  }

  private static int room(long limit) {
    return (int) Math.max(0, Math.min(PAGE, limit - NOTES));
  }

  private ObjectNode cut(JobId id, long size, ObjectNode whole, boolean links) {
    ObjectNode cut = Replies.object();
    ArrayNode content = cut.putArray("content");
    int left = room(limit);
    for (JsonNode item : whole.path("content")) {
      String text = item.path("text").stringValue(null);
      if (text != null && "text".equals(item.path("type").stringValue(""))) {
        if (text.length() > left) {
          content.addObject().put("type", "text").put("text", text.substring(0, end(text, left)));
          break;
        }
        content.add(item);
        left -= text.length();
      } else {
        int length = Json.text(item).length();
        if (length <= left) {
          content.add(item);
          left -= length;
        }
      }
    }
    String uri = resultUri(id);
    content
        .addObject()
        .put("type", "text")
        .put(
            "text",
            "This is only the first part: the whole result has "
                + size
                + " bytes. Read it in pages from the resource "
                + uri
                + "?offset=0&limit="
                + PAGE
                + "; each page names the next.");
    if (links) {
      content
          .addObject()
          .put("type", "resource_link")
          .put("uri", uri)
          .put("name", "The whole result")
          .put("mimeType", "application/json")
          .put("size", size);
    }
    if (whole.path("isError").asBoolean(false)) {
      cut.put("isError", true);
    } else if (whole.has("structuredContent")) {
      // A part of it would break the tool's output schema; an operation is what that allows too.
      cut.set("structuredContent", operation(id, size));
    }
    JsonNode meta = whole.get("_meta");
    if (meta != null && Json.text(meta).length() <= NOTES) {
      cut.set("_meta", meta);
    }
    return cut;
  }

  private static ObjectNode operation(JobId id, long size) {
    ObjectNode view = Replies.object().put("operation_id", id.value()).put("status", "completed");
    view.put("status_url", jobUri(id));
    view.put("result_uri", resultUri(id)).put("result_size", size);
    view.putObject("next")
        .put("tool", "get_operation")
        .putObject("arguments")
        .put("operation_id", id.value());
    return view;
  }

  /** Where to cut, so that no character falls apart. */
  public static int end(String text, int at) {
    return at > 0 && at < text.length() && Character.isHighSurrogate(text.charAt(at - 1))
        ? at - 1
        : at;
  }

  /** The length in UTF-8. */
  static long bytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Half of a pair counts two of its four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
