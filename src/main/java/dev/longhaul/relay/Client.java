package dev.longhaul.relay;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The client on standard output: one message a line, written whole. */
final class Client {
  private final OutputStream out;
  private final Consumer<String> log;
  private boolean gone;

  /**
   * @param log takes lines for standard error
   */
  Client(OutputStream out, Consumer<String> log) {
    this.out = out;
    this.log = log;
  }

  /** Writes a message without a line's end in it. */
  synchronized void write(byte[] message) {
    if (gone) {
      return;
    }
    try {
      out.write(message);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      gone = true;
      log.accept("The client reads no more: " + e.getMessage());
    }
  }

  /**
   * Passes a message of the server on.
   *
   * @return whether it is the response to the request
   */
  boolean pass(byte[] message, OpenRequest request) {
    Message read = read(message);
    if (read == null) {
      return false;
    }
    boolean response = read.kind() == Message.Kind.RESPONSE;
    if (response && read.id() == null) {
      return false; // an error of nothing that is known
    }
    write(message);
    return response && Objects.equals(read.id(), request.message().id());
  }

  /** Passes a message on that belongs to no request. */
  void pass(byte[] message) {
    if (read(message) != null) {
      write(message);
    }
  }

  private @Nullable Message read(byte[] message) {
    try {
      return Message.ofServer(message);
    } catch (JacksonException | IllegalArgumentException e) {
      log.accept("What Longhaul sent is no message and is left out: " + e.getMessage());
      return null;
    }
  }

  void log(String line) {
    log.accept(line);
  }
}
