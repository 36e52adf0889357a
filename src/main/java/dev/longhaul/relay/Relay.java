package dev.longhaul.relay;

import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * MCP of a client on standard input and output, relayed over streamable HTTP: one JSON-RPC message
 * a line, of every revision. Each message shows by itself whether it is of 2026-07-28.
 */
public final class Relay {
  private static final int MOST_OPEN = 1000;

  /**
   * What bounds a relay.
   *
   * @param longest the most bytes of a message in either direction
   * @param lastAnswers how long open requests are answered after the end of the input
   * @param answer how long the server may take for what it answers at once
   */
  record Limits(int longest, Duration lastAnswers, Duration answer) {
    static final Limits USUAL =
        new Limits(64 << 20, Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  private static final String TOO_MANY = "Too many requests are open.";
  private static final String CANCELLED = "notifications/cancelled";

  private final Lines in;
  private final Client client;
  private final LegacySession legacy;
  private final ModernRequests modern;
  private final Map<String, OpenRequest> open = new ConcurrentHashMap<>();

  /**
   * Sends in the order of the input; it is this thread that waits for the server, not the reader.
   */
  private final ThreadPoolExecutor sender =
      Threads.fixed("longhaul-relay-send", 1, new ArrayBlockingQueue<>(MOST_OPEN));

  private final Object idle = new Object();
  private int working;
  private int beginning;
  private final Duration lastAnswers;

  /**
   * @param in the client's messages
   * @param out for messages to the client, and nothing else
   * @param log takes lines for the log
   */
  public Relay(Server server, InputStream in, OutputStream out, Consumer<String> log) {
    this(server, in, out, log, Limits.USUAL);
  }

  Relay(Server server, InputStream in, OutputStream out, Consumer<String> log, Limits limits) {
    this.lastAnswers = limits.lastAnswers();
    this.in = new Lines(in, limits.longest());
    this.client = new Client(out, log);
    Connection connection =
        new Connection(server, new Http(limits.longest()), client, limits.answer());
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
    sender.shutdownNow();
    legacy.end();
  }

  private boolean receiveNext() throws IOException {
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

  private void receive(byte[] line) {
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
      case RESPONSE -> tell(message, () -> legacy.tell(message));
      case BATCH -> tell(message, () -> begin("longhaul-relay-batch", () -> legacy.tell(message)));
    }
  }

  private void request(Message message) {
    String version = message.modernVersion();
    if (version == null && message.method().equals("initialize")) {
      initialize(message);
      return;
    }
    OpenRequest request = new OpenRequest(message);
    String id = String.valueOf(message.id());
    if (open.size() >= MOST_OPEN) {
      client.write(Replies.error(id, Replies.OVERLOADED, TOO_MANY));
    } else if (open.putIfAbsent(id, request) != null) {
      client.write(
          Replies.error(id, Replies.INVALID_REQUEST, "A request with this id is still open."));
    } else if (version != null) {
      begin("longhaul-relay-request", () -> send(request, version));
    } else if (!inOrder(() -> begin("longhaul-relay-request", () -> send(request, null)))) {
      open.remove(id);
      client.write(Replies.error(id, Replies.OVERLOADED, TOO_MANY));
    }
  }

  /** Begins the session, which what follows needs. */
  private void initialize(Message message) {
    synchronized (idle) {
      beginning++;
    }
    if (!inOrder(
        () -> {
          try {
            legacy.begin(message);
          } finally {
            begun();
          }
        })) {
      begun();
      client.write(Replies.error(message.id(), Replies.OVERLOADED, TOO_MANY));
    }
  }

  private void begun() {
    synchronized (idle) {
      beginning--;
      idle.notifyAll();
    }
  }

  private void send(OpenRequest request, @Nullable String version) throws InterruptedException {
    try {
      if (version == null) {
        legacy.call(request);
      } else {
        modern.call(request, version);
      }
    } finally {
      open.remove(String.valueOf(request.message().id()));
    }
  }

  private void notification(Message message) {
    String cancelled = message.method().equals(CANCELLED) ? message.idAt("requestId") : null;
    OpenRequest request = cancelled == null ? null : open.get(cancelled);
    if (request != null && request.message().modernVersion() != null) {
      request.cancelAndDisconnect();
    } else if (request != null) {
      tell(message, () -> begin("longhaul-relay-cancel", () -> legacy.cancel(message, request)));
    } else if (message.modernVersion() == null) {
      tell(
          message,
          () -> {
            if (legacy.isBegun()) {
              legacy.tell(message);
            }
          });
    } // else it is for nobody: 2026-07-28 has no notifications over HTTP
  }

  private void tell(Message message, Waiting sending) {
    if (!inOrder(sending)) {
      client.log(message.method() + " is left out, because too many messages wait.");
    }
  }

  /** What waits in a thread. */
  @FunctionalInterface
  private interface Waiting {
    void run() throws InterruptedException;
  }

  /**
   * Does something after what the client has sent before.
   *
   * @return false if too much waits for that already
   */
  private boolean inOrder(Waiting task) {
    try {
      sender.execute(counted(task));
      return true;
    } catch (RejectedExecutionException e) {
      done();
      return false;
    }
  }

  // Without a context: a relay has none, and looking for one would load what it does not need.
  private void begin(String name, Waiting task) {
    var _ = Threads.loop(name, counted(task));
  }

  /** The task, which is waited for at the end of the input from now on. */
  private Runnable counted(Waiting task) {
    synchronized (idle) {
      working++;
    }
    return () -> {
      try {
        task.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // cancelled
      } finally {
        done();
      }
    };
  }

  private void done() {
    synchronized (idle) {
      working--;
      idle.notifyAll();
    }
  }

  private void awaitAnswers() throws InterruptedException {
    synchronized (idle) {
      while (beginning > 0) {
        idle.wait(); // a server may take long to start; that and its answer have their limits
      }
      long deadline = System.nanoTime() + lastAnswers.toNanos();
      for (long rest = lastAnswers.toMillis(); working > 0 && rest > 0; ) {
        idle.wait(rest);
        rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      }
    }
  }
}
