package dev.longhaul.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** One connection, byte by byte. */
final class RawConnection implements AutoCloseable {
  private final Socket socket = new Socket();

  RawConnection(int port) throws IOException {
    int limit = (int) Target.LIMIT.toMillis();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), limit);
    socket.setSoTimeout(limit);
    socket.setTcpNoDelay(true);
  }

  RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawConnection send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
    return this;
  }

  /** A POST with everything a server wants, of a body in one piece. */
  RawConnection post(String path, byte[] body, String... headers) throws IOException {
    var head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    head.append("Content-Type: application/json\r\n");
    head.append("Accept: application/json, text/event-stream\r\n");
    head.append("Content-Length: ").append(body.length).append("\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    return send(head.append("\r\n").toString()).send(body);
  }

  /** Everything up to the end of the connection, which the request should ask to be closed. */
  Answer answer() throws IOException {
    InputStream in = socket.getInputStream();
    var all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketException e) {
      // Closed before everything was sent: what came before counts.
      return new Answer(all.toString(StandardCharsets.UTF_8));
    }
    return new Answer(all.toString(StandardCharsets.UTF_8));
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** An answer as it was on the wire; empty if the connection was closed without one. */
  record Answer(String text) {
    int status() {
      return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text, 9, 12, 10) : 0;
    }

    String body() {
      int end = text.indexOf("\r\n\r\n");
      return end < 0 ? "" : text.substring(end + 4);
    }
  }
}
