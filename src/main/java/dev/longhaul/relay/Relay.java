package dev.longhaul.relay;

import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * MCP of a client on standard input and output, relayed over streamable HTTP: one JSON-RPC message
 * a line, of every revision. Each message shows by itself whether it is of 2026-07-28.
 */
public final class Relay {
  /** The most bytes of a message in either direction. */
  private static final int LONGEST = 64 << 20;

  private static final int MOST_OPEN = 1000;

  /** How long open requests are answered after the end of the input. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

  private static final String CANCELLED = "notifications/cancelled";

  private final Lines in;
  private final Client client;
  private final LegacySession legacy;
  private final ModernRequests modern;
  private final Map<String, OpenRequest> open = new ConcurrentHashMap<>();
  private final Object idle = new Object();
  private final Duration lastAnswers;

  /**
   * @param in the client's messages
   * @param out for messages to the client, and nothing else
   * @param log takes lines for the log
   */
  public Relay(Server server, InputStream in, OutputStream out, Consumer<String> log) {
    this(server, in, out, log, LAST_ANSWERS);
  }

  Relay(
      Server server, InputStream in, OutputStream out, Consumer<String> log, Duration lastAnswers) {
    this.lastAnswers = lastAnswers;
    this.in = new Lines(in, LONGEST);
    this.client = new Client(out, log);
    Connection connection = new Connection(server, new Http(LONGEST), client);
    this.legacy = new LegacySession(connection, client);
    this.modern = new ModernRequests(connection, client);
  }

  /** Relays until the input ends, and then until open requests are answered, if that is soon. */
  public void run() throws InterruptedException {
    try {
      while (receiveNext()) {
        // until the end
      }
    } catch (IOException e) {
      client.log("The input cannot be read: " + e.getMessage());
    }
    awaitAnswers();
    end();
  }

  /** Closes what is open, and ends the session of the client, whose jobs go on. */
  public void end() throws InterruptedException {
    open.values().forEach(OpenRequest::cancelAndDisconnect);
    legacy.end();
  }

  private boolean receiveNext() throws IOException, InterruptedException {
    try {
      byte[] line = in.next();
      if (line != null && !isBlank(line)) {
        receive(line);
      }
      return line != null;
    } catch (Lines.TooLongException e) {
      client.write(Replies.error(null, Replies.INVALID_REQUEST, String.valueOf(e.getMessage())));
      return true;
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private void receive(byte[] line) throws InterruptedException {
    Message message;
    try {
      message = Message.ofClient(line);
    } catch (JacksonException e) {
      client.write(Replies.error(null, Replies.PARSE_ERROR, "The line is not JSON."));
      return;
    } catch (IllegalArgumentException e) {
      client.write(Replies.error(null, Replies.INVALID_REQUEST, String.valueOf(e.getMessage())));
      return;
    }
    switch (message.kind()) {
      case REQUEST -> request(message);
      case NOTIFICATION -> notification(message);
      case RESPONSE -> legacy.tell(message);
      case BATCH -> begin("longhaul-relay-batch", () -> legacy.tell(message));
    }
  }

  private void request(Message message) throws InterruptedException {
    String version = message.modernVersion();
    if (version == null && message.method().equals("initialize")) {
      legacy.begin(message); // what follows needs its session
      return;
    }
    OpenRequest request = new OpenRequest(message);
    String id = String.valueOf(message.id());
    if (open.size() >= MOST_OPEN) {
      client.write(Replies.error(id, Replies.OVERLOADED, "Too many requests are open."));
    } else if (open.putIfAbsent(id, request) != null) {
      client.write(
          Replies.error(id, Replies.INVALID_REQUEST, "A request with this id is still open."));
    } else {
      begin(
          "longhaul-relay-request",
          () -> {
            try {
              send(request, version);
            } finally {
              open.remove(id);
              synchronized (idle) {
                idle.notifyAll();
              }
            }
          });
    }
  }

  private void send(OpenRequest request, @Nullable String version) throws InterruptedException {
    if (version == null) {
      legacy.call(request);
    } else {
      modern.call(request, version);
    }
  }

  private void notification(Message message) throws InterruptedException {
    String cancelled = message.method().equals(CANCELLED) ? message.idAt("requestId") : null;
    OpenRequest request = cancelled == null ? null : open.get(cancelled);
    if (request != null && request.message().modernVersion() != null) {
      request.cancelAndDisconnect();
    } else if (request != null) {
      begin("longhaul-relay-cancel", () -> legacy.cancel(message, request));
    } else if (message.modernVersion() == null && legacy.isBegun()) {
      legacy.tell(message);
    } // else it is for nobody: 2026-07-28 has no notifications over HTTP
  }

  /** What waits in a thread. */
  @FunctionalInterface
  private interface Waiting {
    void run() throws InterruptedException;
  }

  // Without a context: a relay has none, and looking for one would load what it does not need.
  private static void begin(String name, Waiting task) {
    var _ =
        Threads.loop(
            name,
            () -> {
              try {
                task.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // cancelled
              }
            });
  }

  private void awaitAnswers() throws InterruptedException {
    long deadline = System.nanoTime() + lastAnswers.toNanos();
    synchronized (idle) {
      for (long rest = lastAnswers.toMillis(); !open.isEmpty() && rest > 0; ) {
        idle.wait(rest);
        rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      }
    }
  }
}
