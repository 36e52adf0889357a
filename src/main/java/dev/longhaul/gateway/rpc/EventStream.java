package dev.longhaul.gateway.rpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (<a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, section 9.2</a>).
 */
final class EventStream {
  private static final int CHUNK = 8 << 10;
  private static final int LONGEST_ID = 1_000;
  // Also when the upstream wants less, which would keep both sides busy.
  private static final long LEAST_RETRY_MILLIS = 100;
  private static final long MOST_RETRY_MILLIS = 60_000;

  private final InputStream in;
  private final int most;
  private final byte[] chunk = new byte[CHUNK];
  private int from;
  private int to;
  private boolean first = true;
  private boolean skipLineFeed;
  private @Nullable String lastId;
  private @Nullable Duration retry;

  /** An event with data. */
  static final class Event {
    private final String type;
    private final byte[] data;

    private Event(String type, byte[] data) {
      this.type = type;
      this.data = data;
    }

    String type() {
      return type;
    }

    byte[] data() {
      return data;
    }
  }

  /**
   * @param most how many bytes an event may have
   * @param lastId the id of the last event of the stream that this one continues
   */
  EventStream(InputStream in, int most, @Nullable String lastId) {
    this.in = in;
    this.most = most;
    this.lastId = lastId;
  }

  /** The id of the last event that had one, for a stream that continues this one. */
  @Nullable String lastId() {
    return lastId;
  }

  /**
   * How long the upstream wants a client to wait before it connects again; null if it said none.
   */
  @Nullable Duration retry() {
    return retry;
  }

  /**
   * The next event that has data; null at the end.
   *
   * @throws UpstreamProtocolException if it is longer than allowed
   */
  @Nullable Event next() throws IOException {
    String type = "message";
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    boolean any = false;
    String id = null;
    byte[] line = line(most);
    while (line != null) {
      if (line.length == 0) {
        if (id != null) {
          lastId = id;
        }
        // Servers send an event with an id and empty data so that a client can resume from it.
        if (data.size() > 0) {
          return new Event(type, data.toByteArray());
        }
        type = "message";
        any = false;
      } else {
        int colon = colon(line);
        String field = text(line, 0, colon);
        int value = Math.min(line.length, colon + 1);
        if (value < line.length && line[value] == ' ') {
          value++;
        }
        switch (field) {
          case "data" -> {
            if (any) {
              data.write('\n');
            }
            any = true;
            data.write(line, value, line.length - value);
          }
          case "event" -> type = text(line, value, line.length);
          case "id" -> id = usable(text(line, value, line.length), id);
          case "retry" -> retry(text(line, value, line.length));
          default -> {
            // A comment, or a field of a later specification.
          }
        }
      }
      line = line(most - data.size());
    }
    return null;
  }

  // It is sent back as a header.
  private static @Nullable String usable(String id, @Nullable String before) {
    return id.length() <= LONGEST_ID && id.chars().allMatch(c -> c >= ' ' && c < 0x7F)
        ? id
        : before;
  }

  private void retry(String millis) {
    if (millis.matches("[0-9]{1,9}")) {
      retry =
          Duration.ofMillis(
              Math.clamp(Long.parseLong(millis), LEAST_RETRY_MILLIS, MOST_RETRY_MILLIS));
    }
  }

  private static int colon(byte[] line) {
    int at = 0;
    while (at < line.length && line[at] != ':') {
      at++;
    }
    return at;
  }

  private static String text(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.UTF_8);
  }

  /** The next line, which ends with CR, LF or both; null at the end. */
  private byte @Nullable [] line(int longest) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      if (from == to && !fill()) {
        return null;
      }
      if (skipLineFeed && chunk[from] == '\n') {
        from++;
        skipLineFeed = false;
        continue;
      }
      skipLineFeed = false;
      int end = from;
      while (end < to && chunk[end] != '\n' && chunk[end] != '\r') {
        end++;
      }
      if (line.size() + end - from > longest) {
        throw new UpstreamProtocolException("It sent an event of more than " + most + " bytes.");
      }
      line.write(chunk, from, end - from);
      from = end;
      if (from < to) {
        skipLineFeed = chunk[from] == '\r';
        from++;
        return withoutMark(line.toByteArray());
      }
    }
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, in.read(chunk));
    return to > 0;
  }

  private byte[] withoutMark(byte[] line) {
    int begin = first ? Wire.afterMark(line) : 0;
    first = false;
    return begin == 0 ? line : Arrays.copyOfRange(line, begin, line.length);
  }
}
