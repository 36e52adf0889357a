package dev.longhaul.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sends requests that ordinary clients refuse to send: any Host, or none. */
final class RawHttp {
  private RawHttp() {}

  /**
   * One request on a connection of its own.
   *
   * @param head the request line and headers, one a line
   * @return the whole answer
   */
  static String send(int port, String head) {
    return sendWith(port, head, null);
  }

  /**
   * The same with a body.
   *
   * @param body what is sent after the head, or null for nothing
   */
  static String sendWith(int port, String head, @Nullable String body) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
      String length = body == null ? "" : "\r\nContent-Length: " + content.length;
      String request =
          head.strip().replace("\n", "\r\n") + length + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(content);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
