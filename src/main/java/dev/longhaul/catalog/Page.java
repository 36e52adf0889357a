package dev.longhaul.catalog;

import dev.longhaul.tool.InvalidParamsException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page of a list.
 *
 * @param nextCursor null at the end
 */
public record Page(ArrayNode entries, @Nullable String nextCursor) {
  private static final String CURSOR_PREFIX = "after:";

  /**
   * A page of a list.
   *
   * @param all the whole list, in a stable order
   * @param cursor the cursor from the previous page, or null for the first page
   * @param key the key of an entry; cursors contain it, so that added or removed entries do not
   *     shift pages
   * @param show writes an entry
   * @throws InvalidParamsException if the cursor is not one of this server's
   */
  public static <T> Page of(
      List<T> all,
      @Nullable JsonNode cursor,
      int size,
      Function<T, String> key,
      Function<T, ObjectNode> show) {
    int from = cursor == null ? 0 : position(all, cursor, key);
    int to = Math.min(all.size(), from + size);
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    all.subList(from, to).forEach(entry -> entries.add(show.apply(entry)));
    return new Page(entries, to < all.size() ? cursorAfter(key.apply(all.get(to - 1))) : null);
  }

  /** The result of a list method: the entries under this name, and the cursor if there is one. */
  public ObjectNode result(String name) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.set(name, entries);
    if (nextCursor != null) {
      result.put("nextCursor", nextCursor);
    }
    return result;
  }

  private static String cursorAfter(String key) {
    byte[] bytes = (CURSOR_PREFIX + key).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static <T> int position(List<T> all, JsonNode cursor, Function<T, String> key) {
    String wanted = cursor.isString() ? keyIn(cursor.asString()) : null;
    for (int i = 0; wanted != null && i < all.size(); i++) {
      if (key.apply(all.get(i)).equals(wanted)) {
        return i + 1;
      }
    }
    throw new InvalidParamsException(
        "/cursor",
        "params.cursor is not one this server gave, or has expired; list from the start again.");
  }

  private static @Nullable String keyIn(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.startsWith(CURSOR_PREFIX) ? text.substring(CURSOR_PREFIX.length()) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
