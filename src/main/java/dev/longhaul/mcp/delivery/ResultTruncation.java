package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Utf8;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Truncates results that are too large for clients and models. The first part is sent, with
 * instructions as text and in {@code _meta} for reading the rest with a tool. All deliveries use
 * it, so a task has the same result as the plain call. It sends no resource_link, since many
 * clients fail on one.
 *
 * @param limit the most bytes of a result as JSON
 */
public record ResultTruncation(long limit) {
  /** The key in {@code _meta} of a truncated result: its size, and how to read the rest. */
  public static final String CUT = "dev.longhaul/result";

  /** The tool that reads a result in pages. */
  public static final String READ = "get_operation";

  /** How many characters of a larger result are sent. */
  public static final int PAGE = 100_000;

  /**
   * The suggested page size of {@link #READ} in characters; smaller, because the page is sent
   * twice, once escaped.
   */
  public static final int TOOL_PAGE = 50_000;

  private static final int NOTES = 2_000;

  /** The URI of a job as a resource. */
  public static String jobUri(JobId id) {
    return "longhaul://jobs/" + id.value();
  }

  /** The URI of its result. */
  public static String resultUri(JobId id) {
    return jobUri(id) + "/result";
  }

  /** The CallToolResult for a job's outcome, truncated if it is too large. */
  public ObjectNode of(JobId id, Outcome outcome) {
    return of(outcome, () -> Optional.of(id));
  }

  /**
   * The CallToolResult for a call's outcome, truncated if it is too large.
   *
   * @param kept the job from which the rest can be read; called only if the result is truncated,
   *     empty if there is none
   */
  ObjectNode of(Outcome outcome, Supplier<Optional<JobId>> kept) {
    ObjectNode result = ToolResults.of(outcome);
    long size =
        outcome instanceof Outcome.Answered answered
            ? Utf8.length(answered.json())
            : Utf8.length(Json.text(result));
    return size <= limit ? result : cut(kept.get().orElse(null), size, result);
  }

  /** Whether an outcome is sent untruncated. */
  boolean fits(Outcome outcome) {
    return !(outcome instanceof Outcome.Answered answered) || Utf8.length(answered.json()) <= limit;
  }

  private static int room(long limit) {
    return (int) Math.max(0, Math.min(PAGE, limit - NOTES));
  }

  /**
   * The position at which the rest begins.
   *
   * @param pointer the JSON Pointer of the truncated text in the whole result
   * @param offset how many of its characters were sent
   */
  private record Rest(String pointer, int offset) {}

  private ObjectNode cut(@Nullable JobId id, long size, ObjectNode whole) {
    ObjectNode cut = Replies.object();
    ArrayNode content = cut.putArray("content");
    Rest rest = first(whole, content);
    ObjectNode next = id == null ? null : next(id, rest);
    String words = "This is only the first part: the whole result has " + size + " bytes. ";
    words +=
        next == null
            ? "The rest could not be stored; ask the tool for less."
            : "To read on, call the tool "
                + READ
                + " with "
                + Json.text(next.path("arguments"))
                + ", and again with the next_offset of each page while has_more is true.";
    content.addObject().put("type", "text").put("text", words);
    ObjectNode meta = cut.putObject("_meta");
    if (whole.get("_meta") instanceof ObjectNode own && Json.text(own).length() <= NOTES) {
      meta.setAll(own);
    }
    ObjectNode note = meta.putObject(CUT).put("size", size);
    if (id != null && next != null) {
      note.put("operation_id", id.value()).put("result_uri", resultUri(id));
      note.set("next", next);
    }
    if (whole.path("isError").asBoolean(false)) {
      cut.put("isError", true);
    } else if (whole.has("structuredContent") && id != null && next != null) {
      // A part of it would violate the tool's output schema, which allows an operation instead.
      cut.set("structuredContent", operation(id, size, next, words));
    }
    return cut;
  }

  /** Adds the part of the content that is sent; returns where the rest begins. */
  private Rest first(ObjectNode whole, ArrayNode content) {
    int left = room(limit);
    int number = 0;
    for (JsonNode item : whole.path("content")) {
      String text = item.path("text").stringValue(null);
      if (text != null && "text".equals(item.path("type").stringValue(""))) {
        if (text.length() > left) {
          return part(content, text, left, "/content/" + number + "/text");
        }
        content.add(item);
        left -= text.length();
      } else {
        int length = Json.text(item).length();
        if (length > left) {
          return new Rest("/content/" + number, 0);
        }
        content.add(item);
        left -= length;
      }
      number++;
    }
    JsonNode structured = whole.get("structuredContent");
    if (structured != null && content.isEmpty()) {
      return part(content, Json.text(structured), left, "/structuredContent");
    }
    return new Rest("", 0);
  }

  private static Rest part(ArrayNode content, String text, int left, String pointer) {
    int end = end(text, Math.min(left, text.length()));
    content.addObject().put("type", "text").put("text", text.substring(0, end));
    return new Rest(pointer, end);
  }

  private static ObjectNode next(JobId id, Rest rest) {
    ObjectNode next = Replies.object().put("tool", READ);
    ObjectNode arguments = next.putObject("arguments").put("operation_id", id.value());
    if (!rest.pointer().isEmpty()) {
      arguments.put("pointer", rest.pointer());
    }
    arguments.put("offset", rest.offset()).put("limit", TOOL_PAGE);
    return next;
  }

  private static ObjectNode operation(JobId id, long size, ObjectNode next, String words) {
    ObjectNode view = Replies.object().put("operation_id", id.value()).put("status", "completed");
    view.put("status_url", jobUri(id));
    view.put("result_uri", resultUri(id)).put("result_size", size);
    view.put("text", words);
    view.set("next", next.deepCopy());
    return view;
  }

  /** The position to cut at without splitting a surrogate pair. */
  public static int end(String text, int at) {
    return at > 0 && at < text.length() && Character.isHighSurrogate(text.charAt(at - 1))
        ? at - 1
        : at;
  }
}
