package dev.longhaul.mcp.stream;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes server-sent events to one response. Not safe for several threads. */
final class EventWriter {
  /** How long a client is asked to wait before it reopens a stream that was closed early. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] ID = ascii("id: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] NEWLINE = ascii("\n");
  private static final byte[] END_OF_EVENT = ascii("\n\n");
  private static final byte[] COMMENT = ascii(":\n\n");

  private final HttpServletResponse response;
  private @Nullable DetachedStream detached;

  EventWriter(HttpServletResponse response) {
    this.response = response;
  }

  /**
   * Writes the headers and the first event.
   *
   * @param first the priming event, or null to write a comment instead
   */
  void open(@Nullable Priming first) throws IOException {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "no-cache");
    // Stops nginx and similar proxies from buffering events.
    response.setHeader("X-Accel-Buffering", "no");
    if (first == null) {
      write(COMMENT);
    } else {
      if (first.retry() != null) {
        write(ascii("retry: " + first.retry().toMillis()), NEWLINE);
      }
      write(ID, ascii(first.id()), NEWLINE, DATA, END_OF_EVENT);
    }
    response.flushBuffer();
  }

  void event(@Nullable String id, String name, byte[] data) throws IOException {
    if (id != null) {
      write(ID, ascii(id), NEWLINE);
    }
    write(EVENT, ascii(name), NEWLINE, DATA, data, END_OF_EVENT);
    flush();
  }

  void comment() throws IOException {
    write(COMMENT);
    flush();
  }

  /** Writes the rest of the stream to this connection. */
  void continueOn(DetachedStream stream) {
    detached = stream;
  }

  /** Ends the response although its request may continue. */
  void close() throws IOException {
    // Shorter than the delay sent at the beginning, which allows for a restart of the server.
    write(ascii("retry: " + RETRY.toMillis()), END_OF_EVENT);
    flush();
    end();
  }

  /** Ends the response of a client that has left. */
  void end() throws IOException {
    response.getOutputStream().close();
  }

  private void write(byte[]... parts) throws IOException {
    if (detached != null) {
      detached.write(parts);
      return;
    }
    OutputStream out = response.getOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
  }

  private void flush() throws IOException {
    if (detached == null) {
      response.flushBuffer();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
