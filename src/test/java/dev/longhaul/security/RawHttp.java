package dev.longhaul.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sends requests that HTTP clients refuse to send: any Host, or none. */
final class RawHttp {
  private RawHttp() {}

  /**
   * Sends a request on a new connection.
   *
   * @param head the request line and headers, one a line
   * @return the whole response
   */
  static String send(int port, String head) {
    return sendWith(port, head, null);
  }

  /**
   * Sends a request with a body.
   *
   * @param body the body, or null for none
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
