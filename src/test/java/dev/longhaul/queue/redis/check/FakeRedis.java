package dev.longhaul.queue.redis.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Simulates a Redis of another version: answers INFO and PING, HGET with nil, and any other command
 * with an error.
 */
final class FakeRedis implements AutoCloseable {
  private final ServerSocket socket;
  private final String version;

  FakeRedis(String version) throws IOException {
    this.version = version;
    socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    try {
      while (true) {
        var client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket client) {
    try (client;
        var in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        var words = Integer.parseInt(line.substring(1));
        var command = "";
        for (var word = 0; word < words; word++) {
          in.readLine();
          var text = in.readLine();
          command = word == 0 ? text : command;
        }
        client.getOutputStream().write(answer(command).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException hungUp) {
      Thread.currentThread().interrupt();
    }
  }

  private String answer(String command) {
    var info = "# Server\r\nredis_version:" + version + "\r\n";
    return switch (command.toUpperCase(Locale.ROOT)) {
      case "INFO" -> "$" + info.length() + "\r\n" + info + "\r\n";
      case "PING" -> "+PONG\r\n";
      case "HGET" -> "$-1\r\n";
      default -> "-ERR unknown command `" + command + "`\r\n";
    };
  }
}
