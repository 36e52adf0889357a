package dev.longhaul.tool.work;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures what a program writes, within limits. Always reads to the end, so that the program never
 * blocks.
 */
final class Captured {
  private static final Logger log = LoggerFactory.getLogger(Captured.class);
  private static final int BUFFER = 8_192;

  private final int max;
  private final @Nullable Runnable onOverflow;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean overflowed;

  private Captured(int max, @Nullable Runnable onOverflow) {
    this.max = max;
    this.onOverflow = onOverflow;
  }

  /** Keeps the first bytes; more than these are an overflow. */
  static Captured upTo(int max, Runnable onOverflow) {
    return new Captured(max, onOverflow);
  }

  /** Keeps the last bytes. */
  static Captured last(int max) {
    return new Captured(max, null);
  }

  /** Reads to the end of the stream, or until it breaks. */
  void read(InputStream from) {
    byte[] buffer = new byte[BUFFER];
    try (from) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        if (add(buffer, count) && onOverflow != null) {
          onOverflow.run();
        }
      }
    } catch (IOException e) {
      // The program was killed: the bytes read so far are the output.
      log.trace("A program's output ended early", e);
    }
  }

  /** Adds bytes; true at the first overflow. */
  private synchronized boolean add(byte[] bytes, int count) {
    if (onOverflow == null) {
      kept.write(bytes, 0, count);
      // Only when the buffer is well above the limit, so that each byte is copied about once.
      if (kept.size() > 2L * max + BUFFER) {
        keepLast();
      }
      return false;
    }
    int room = Math.min(count, max - kept.size());
    kept.write(bytes, 0, room);
    boolean first = room < count && !overflowed;
    overflowed |= room < count;
    return first;
  }

  private void keepLast() {
    byte[] all = kept.toByteArray();
    int count = Math.min(max, all.length);
    kept.reset();
    kept.write(all, all.length - count, count);
  }

  synchronized boolean overflowed() {
    return overflowed;
  }

  synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  synchronized String text() {
    if (onOverflow == null && kept.size() > max) {
      keepLast();
    }
    return kept.toString(StandardCharsets.UTF_8);
  }
}
