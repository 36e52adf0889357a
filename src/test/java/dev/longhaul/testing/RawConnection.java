package dev.longhaul.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A TCP connection for requests that no HTTP client would send. */
public final class RawConnection implements AutoCloseable {
  private static final int LIMIT_MILLIS = 60_000;

  private final Socket socket = new Socket();

  public RawConnection(int port) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MILLIS);
    socket.setSoTimeout(LIMIT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** The head of a request to {@code /mcp}, including the empty line. */
  public static String head(String method, String headers) {
    return method + " /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers + "\r\n";
  }

  public RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawConnection send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
    return this;
  }

  /** A valid POST with a Content-Length. */
  public RawConnection post(String path, byte[] body, String... headers) throws IOException {
    var head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    head.append("Content-Type: application/json\r\n");
    head.append("Accept: application/json, text/event-stream\r\n");
    head.append("Content-Length: ").append(body.length).append("\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    return send(head.append("\r\n").toString()).send(body);
  }

  /**
   * Reads the response until the server closes the connection; of an event stream only what arrived
   * together with the head.
   */
  public Answer answer() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
        if (all.toString(StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT)
            .contains("content-type: text/event-stream")) {
          break;
        }
      }
    } catch (SocketException e) {
      // The server closed the connection before it had read everything: use what it has sent.
      return new Answer(all.toString(StandardCharsets.UTF_8));
    }
    return new Answer(all.toString(StandardCharsets.UTF_8));
  }

  /** Resets the connection. */
  public void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A whole response; its text is empty if the connection was closed without one. */
  public record Answer(String text) {
    public int status() {
      return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text, 9, 12, 10) : 0;
    }

    public String body() {
      int end = text.indexOf("\r\n\r\n");
      return end < 0 ? "" : text.substring(end + 4);
    }
  }
}
