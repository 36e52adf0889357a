package dev.longhaul.gateway.rpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines as bytes, up to a length. */
final class LineReader {
  private static final int CHUNK = 16 << 10;

  private final InputStream in;
  private final int most;
  private final byte[] chunk = new byte[CHUNK];
  private int from;
  private int to;

  LineReader(InputStream in, int most) {
    this.in = in;
    this.most = most;
  }

  /**
   * The next line without its line feed; null at the end, also if that comes within a line.
   *
   * @throws UpstreamProtocolException if the line is longer than allowed
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      if (from == to) {
        from = 0;
        to = Math.max(0, in.read(chunk));
        if (to == 0) {
          return null;
        }
      }
      int end = from;
      while (end < to && chunk[end] != '\n') {
        end++;
      }
      if (line.size() + end - from > most) {
        throw new UpstreamProtocolException("It sent a message of more than " + most + " bytes.");
      }
      line.write(chunk, from, end - from);
      from = end;
      if (from < to) {
        from++;
        return line.toByteArray();
      }
    }
  }
}
