package dev.longhaul.queue.redis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of a listing: for each shard that is not finished an hour and a position in that
 * hour's list, written as {@code shard.hour.position} in base 36, joined by {@code _}. Lists are
 * only appended to, so positions stay valid.
 */
record ListCursor(Map<Integer, Place> places) {

  /**
   * @param hour the bucket, or empty for the newest
   * @param position the next entry to read, counted from the oldest; -1 if the bucket is finished
   */
  record Place(String hour, long position) {}

  /**
   * @param text the text from {@link #text}, or null for the beginning
   * @param shards all shards
   * @throws IllegalArgumentException if the text is invalid
   */
  static ListCursor parse(@Nullable String text, List<Integer> shards) {
    Map<Integer, Place> places = new TreeMap<>();
    if (text == null) {
      shards.forEach(shard -> places.put(shard, new Place("", 0)));
      return new ListCursor(places);
    }
    try {
      for (String place : text.split("_", -1)) {
        String[] parts = place.split("\\.", -1);
        int shard = Integer.parseInt(parts[0], 36);
        if (parts.length != 3 || shard < 0 || shard >= Shards.MAX) {
          throw new NumberFormatException(place);
        }
        places.put(
            shard,
            new Place(
                Long.toString(Long.parseLong(parts[1], 36)), Long.parseLong(parts[2], 36) - 1));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a cursor of a listing: take next_cursor as given", e);
    }
    return new ListCursor(places);
  }

  /** Null at the end of every shard. */
  @Nullable String text() {
    if (places.isEmpty()) {
      return null;
    }
    return places.entrySet().stream()
        .map(entry -> text(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("_"));
  }

  private static String text(int shard, Place place) {
    return Integer.toString(shard, 36)
        + "."
        + Long.toString(Long.parseLong(place.hour()), 36)
        + "."
        + Long.toString(place.position() + 1, 36);
  }
}
