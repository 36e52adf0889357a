package dev.longhaul.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events (WHATWG HTML, 9.2). For one thread. */
final class EventStream {
  private final Lines lines;
  private final int longest;

  /**
   * An event.
   *
   * @param id to resume the stream from; null if it has none
   * @param retryMillis how long to wait before the stream is opened again; negative if that is not
   *     said
   * @param data empty if it has none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Event(@Nullable String id, long retryMillis, byte[] data) {}

  /**
   * @param longest the most bytes of the data of an event
   */
  EventStream(InputStream in, int longest) {
    this.lines = new Lines(in, longest);
    this.longest = longest;
  }

  /**
   * The next event; null at the end of the stream.
   *
   * @throws Lines.TooLongException if an event is too long, which it is again when it is fetched
   *     again
   * @throws IOException if the connection is lost
   */
  @Nullable Event next() throws IOException {
    String id = null;
    long retry = -1;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    boolean some = false;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      if (data.size() + line.length > longest) {
        throw new Lines.TooLongException("An event", longest);
      }
      if (line.length == 0) {
        if (some) {
          return new Event(id, retry, data.toByteArray());
        }
        continue;
      }
      int colon = indexOf(line, ':');
      String field = text(line, 0, colon);
      int from = Math.min(colon + 1, line.length);
      from += from < line.length && line[from] == ' ' ? 1 : 0;
      switch (field) {
        case "id" -> id = text(line, from, line.length);
        case "retry" -> retry = millis(text(line, from, line.length));
        case "data" -> {
          if (data.size() > 0) {
            data.write(' '); // a line's end between tokens of JSON, where a blank means the same
          }
          data.write(line, from, line.length - from);
        }
        default -> {
          continue; // a comment, the event's name, or unknown
        }
      }
      some = true;
    }
    return null; // an event without its end is none
  }

  private static long millis(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static int indexOf(byte[] line, char c) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] == c) {
        return i;
      }
    }
    return line.length;
  }

  private static String text(byte[] line, int from, int to) {
    return new String(Arrays.copyOfRange(line, from, to), StandardCharsets.UTF_8);
  }
}
