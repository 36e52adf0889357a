package dev.longhaul.queue.redis.embedded;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A few commands to our own server on loopback, before and after the application's own client
 * exists. RESP2; replies are flattened to strings.
 */
final class RespConnection implements Closeable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int LONGEST_REPLY = 1 << 20;

  private final Socket socket;
  private final InputStream in;

  /**
   * Connects to {@code port} on loopback and gives the password.
   *
   * @throws ErrorReply when it is a Redis with another password
   * @throws IOException when nothing, or no Redis, answers there
   */
  RespConnection(int port, String password) throws IOException {
    socket = new Socket();
    try {
      var timeout = Math.toIntExact(LIMIT.toMillis());
      socket.setSoTimeout(timeout);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), timeout);
      in = new BufferedInputStream(socket.getInputStream());
      call("AUTH", password);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends one command and reads its reply. */
  List<String> call(String... words) throws IOException {
    send(words);
    var reply = new ArrayList<String>();
    read(reply);
    return reply;
  }

  /** Sends one command to which a server may answer by hanging up. */
  void send(String... words) throws IOException {
    var request = new ByteArrayOutputStream();
    request.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.UTF_8));
    for (var word : words) {
      var bytes = word.getBytes(StandardCharsets.UTF_8);
      request.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
      request.writeBytes(bytes);
      request.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    socket.getOutputStream().write(request.toByteArray());
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void read(List<String> into) throws IOException {
    var line = line();
    var rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+', ':' -> into.add(rest);
      case '-' -> throw new ErrorReply(rest);
      case '$' -> {
        var length = number(rest);
        if (length >= 0) {
          into.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
          in.skipNBytes(2);
        }
      }
      case '*' -> {
        for (var left = number(rest); left > 0; left--) {
          read(into);
        }
      }
      default -> throw new IOException("not a Redis");
    }
  }

  private static int number(String text) throws IOException {
    try {
      var number = Integer.parseInt(text);
      if (number <= LONGEST_REPLY) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("not a Redis", e);
    }
    throw new IOException("not a Redis");
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (var c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0 || line.length() > LONGEST_REPLY) {
        throw new EOFException("hung up");
      }
      line.append((char) c);
    }
    in.skipNBytes(1);
    if (line.isEmpty()) {
      throw new IOException("not a Redis");
    }
    return line.toString();
  }

  /** The server answered with an error. */
  static final class ErrorReply extends IOException {
    private static final long serialVersionUID = 1L;

    ErrorReply(String message) {
      super(message);
    }

    /** The server is ours but still reads its data. */
    boolean isLoading() {
      return String.valueOf(getMessage()).startsWith("LOADING");
    }
  }
}
