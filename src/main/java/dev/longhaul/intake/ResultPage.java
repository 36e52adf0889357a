package dev.longhaul.intake;

import dev.longhaul.job.Utf8;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page of a job's result, the same for all front doors. A JSON Pointer selects the value to page:
 * an array is paged by elements, a text by characters, and any other value as JSON text by
 * characters. Without a pointer the whole result is paged as JSON text. Consecutive pages, each
 * beginning at {@link #next} of the previous one, add up to the whole value.
 *
 * @param pointer the JSON Pointer of the value; empty for the whole result
 * @param kind the kind of the data
 * @param offset where the page begins, in elements or UTF-16 code units
 * @param limit the requested number of elements or characters
 * @param total the number of elements or characters of the whole value
 * @param end where the page ends
 * @param data an array of elements, or a text
 */
public record ResultPage(
    String pointer, Kind kind, int offset, int limit, int total, int end, JsonNode data) {
  /** The most characters or elements of one page. */
  public static final int MOST = 1_000_000;

  /** The most characters of a pointer. */
  public static final int LONGEST_POINTER = 1_000;

  /** Keeps decimal numbers exact. */
  private static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final int CHARACTERS = 100_000;
  private static final int ELEMENTS = 100;

  /** The kind of the data of a page. */
  public enum Kind {
    /** Elements of an array. */
    ARRAY,
    /** Part of a text. */
    TEXT,
    /** Part of a value written as JSON. */
    JSON
  }

  /**
   * The page that a client asks for.
   *
   * @param pointer JSON Pointer (RFC 6901) into the result, or null for the whole
   * @param offset where to begin
   * @param limit the maximum number, or null for 100 elements or 100,000 characters
   */
  public record Asked(@Nullable String pointer, int offset, @Nullable Integer limit) {}

  /** The requested page does not exist in this result; the message says what to ask for instead. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String field;

    Refused(String field, String message) {
      super(message);
      this.field = field;
    }

    /** The field that is wrong: {@code pointer} or {@code offset}. */
    public String field() {
      return field;
    }
  }

  /**
   * Cuts a page.
   *
   * @param result the whole result as JSON
   * @param room the maximum size of the data as JSON in UTF-8, in bytes; a larger page is shortened
   * @throws Refused if there is no value at the pointer, or the page cannot begin at the offset
   */
  public static ResultPage of(String result, Asked asked, long room) {
    String pointer = asked.pointer() == null ? "" : asked.pointer();
    if (pointer.isEmpty()) {
      return text(pointer, Kind.JSON, result, asked, room);
    }
    JsonNode named = EXACT.readTree(result).at(compiled(pointer));
    if (named.isMissingNode()) {
      throw new Refused("pointer", "names nothing in this result");
    }
    if (named instanceof ArrayNode array) {
      return array(pointer, array, asked, room);
    }
    return named.isString()
        ? text(pointer, Kind.TEXT, named.asString(), asked, room)
        : text(pointer, Kind.JSON, named.toString(), asked, room);
  }

  private static JsonPointer compiled(String pointer) {
    if (pointer.length() <= LONGEST_POINTER) {
      try {
        return JsonPointer.compile(pointer);
      } catch (IllegalArgumentException e) {
        // Reported below.
      }
    }
    throw new Refused(
        "pointer",
        "must be a JSON Pointer of at most "
            + LONGEST_POINTER
            + " characters, such as /structuredContent/data");
  }

  private static ResultPage text(String pointer, Kind kind, String text, Asked asked, long room) {
    int limit = asked.limit() == null ? CHARACTERS : asked.limit();
    int from = Math.min(asked.offset(), text.length());
    if (insideOfPair(text, from)) {
      throw new Refused(
          "offset", "is in the middle of a character; use next_offset of the page before");
    }
    int to = (int) Math.min((long) from + limit, text.length());
    to = fitting(text, from, to, room);
    if (insideOfPair(text, to)) {
      to = to - 1 > from ? to - 1 : to + 1;
    }
    JsonNode data = JsonNodeFactory.instance.stringNode(text.substring(from, to));
    return new ResultPage(pointer, kind, from, limit, text.length(), to, data);
  }

  private static boolean insideOfPair(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1));
  }

  /**
   * The end of the longest part of the text that fits into the room, at least one character long.
   */
  private static int fitting(String text, int from, int to, long room) {
    long bytes = 0;
    for (int i = from; i < to; i++) {
      bytes += bytes(text.charAt(i));
      if (bytes > room) {
        return Math.max(i, from + 1);
      }
    }
    return to;
  }

  private static ResultPage array(String pointer, ArrayNode array, Asked asked, long room) {
    int limit = asked.limit() == null ? ELEMENTS : asked.limit();
    int from = Math.min(asked.offset(), array.size());
    int to = (int) Math.min((long) from + limit, array.size());
    ArrayNode data = JsonNodeFactory.instance.arrayNode();
    long bytes = 0;
    for (int i = from; i < to; i++) {
      bytes += Utf8.length(array.get(i).toString()) + 1;
      if (bytes > room) {
        to = i;
        break;
      }
      data.add(array.get(i));
    }
    if (to == from && from < array.size()) {
      throw new Refused(
          "offset",
          "names an element that is too large for one answer; read it by itself in pages, with"
              + " pointer="
              + pointer
              + "/"
              + from);
    }
    return new ResultPage(pointer, Kind.ARRAY, from, limit, array.size(), to, data);
  }

  // The size of a character in a JSON string.
  private static int bytes(char c) {
    if (c < 0x20) {
      return 6;
    }
    if (c == '"' || c == '\\') {
      return 2;
    }
    return Utf8.length(c);
  }

  /** Where the next page begins; empty if this is the last. */
  public OptionalInt next() {
    return end < total ? OptionalInt.of(end) : OptionalInt.empty();
  }

  /** Adds the page to a document, the data last. */
  public void write(ObjectNode document) {
    document.put("pointer", pointer).put("kind", kind.name().toLowerCase(Locale.ROOT));
    document.put("offset", offset).put("limit", limit).put("total", total);
    document.put("has_more", end < total);
    if (end < total) {
      document.put("next_offset", end);
    }
    document.set("data", data);
  }
}
