package dev.longhaul.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines as bytes. A line ends with LF, CR LF or CR; of one that is longer than allowed the
 * rest is skipped. For one thread.
 */
final class Lines {
  private static final int BUFFER = 16_384;

  /**
   * A line or another part of a message is longer than allowed. A line is skipped; the next one can
   * be read.
   */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String what, int longest) {
      super(what + " is longer than " + longest + " bytes");
    }
  }

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private boolean skipLineFeed;

  /**
   * @param longest the most bytes of a line
   */
  Lines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /**
   * The next line without its end; null at the end. What follows the last line's end is none if it
   * is empty.
   *
   * @throws TooLongException if it is too long
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean some = false;
    boolean tooLong = false;
    while (true) {
      if (at == end) {
        at = 0;
        end = Math.max(in.read(buffer), 0);
        if (end == 0) {
          return tooLong || some ? whole(line, tooLong) : null;
        }
      }
      if (skipLineFeed && buffer[at] == '\n') {
        at++;
        skipLineFeed = false;
        continue;
      }
      skipLineFeed = false;
      int from = at;
      while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
        at++;
      }
      some |= at > from;
      if (line.size() + at - from > longest) {
        tooLong = true;
        line.reset();
      }
      if (!tooLong) {
        line.write(buffer, from, at - from);
      }
      if (at < end) {
        skipLineFeed = buffer[at++] == '\r';
        return whole(line, tooLong);
      }
    }
  }

  private byte[] whole(ByteArrayOutputStream line, boolean tooLong) throws TooLongException {
    if (tooLong) {
      throw new TooLongException("A line", longest);
    }
    return line.toByteArray();
  }
}
