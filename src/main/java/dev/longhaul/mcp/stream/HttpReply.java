package dev.longhaul.mcp.stream;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.Threads;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A reply over HTTP: one JSON document, or a stream of events once it was begun. */
public final class HttpReply extends Connection implements Reply {
  private final HttpServletResponse response;
  private final boolean canStream;
  private boolean open;
  private boolean finished;
  // Whether the response may still be written to: the client is there and was not let go.
  private boolean connected = true;
  // Whether the client, having lost this connection, goes on with the stream on another one.
  private volatile boolean takenOver;
  private volatile boolean gone;
  private volatile boolean lost;
  private final long began = System.nanoTime();
  // When the last write seemed to succeed, and the one before it.
  private long lastWrite = began;
  private long writeBefore = began;
  private @Nullable Journal journal;
  private boolean primed;
  private @Nullable Runnable onGone;
  private @Nullable Runnable onLost;
  private @Nullable Runnable onTakenOver;
  private CoarseTimer.@Nullable Handle opening;
  private final CompletableFuture<Void> released = new CompletableFuture<>();

  /**
   * @param canStream whether the client's Accept header names text/event-stream
   */
  public HttpReply(HttpServletResponse response, boolean canStream, KeepAlive keepAlive) {
    super(response, keepAlive);
    this.response = response;
    this.canStream = canStream;
  }

  @Override
  public boolean canStream() {
    return canStream;
  }

  @Override
  public void keepIn(Journal journal) {
    locked(() -> {
      if (canStream && !open && !finished) {
        this.journal = journal;
        journal.onTakenOver(() -> locked(this::leaveToOther));
      }
    });
  }

  // Nobody reads this connection any more.
  private void leaveToOther() throws IOException {
    takenOver = true;
    abandon();
  }

  @Override
  public void answers(Awaited awaited) {
    locked(() -> {
      if (journal != null && !open) {
        journal.answers(awaited);
      }
    });
  }

  @Override
  public void openAfter(Duration quiet) {
    locked(() -> {
      if (canStream && !open && !finished && opening == null) {
        opening = keepAlive.after(quiet, this::openSoon);
      }
    });
  }

  // Beginning a journal asks Redis, for which the keep-alive's few threads must not wait.
  private void openSoon() {
    var _ = Threads.virtual("longhaul-mcp-open", () -> locked(this::open));
  }

  @Override
  public void send(ObjectNode notification) {
    if (canStream) {
      locked(() -> {
        open();
        event(notification, false);
      });
    }
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    locked(() -> {
      if (open) {
        event(message, true);
      } else if (!finished) {
        document(httpStatus, message);
      }
      end();
    });
  }

  @Override
  public void finishSilently() {
    locked(() -> {
      if (!open && !finished) {
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
      }
      end();
    });
  }

  @Override
  public void release() {
    locked(() -> {
      if (journal == null || finished || !connected) {
        return;
      }
      open();
      if (primed) {
        disconnect();
        events.close();
        released.complete(null);
      }
    });
  }

  /** Done once the client was let go: from then on the response is not touched any more. */
  public CompletableFuture<Void> released() {
    return released.copy();
  }

  /** Lets go of the response, whether or not the request was answered. */
  public void close() {
    locked(this::end);
  }

  @Override
  public void probe() {
    comment();
  }

  @Override
  public boolean gone() {
    return gone;
  }

  @Override
  public void onGone(Runnable action) {
    locked(() -> onGone = action);
  }

  @Override
  public void onLost(Runnable action) {
    locked(() -> onLost = action);
  }

  @Override
  public void onTakenOver(Runnable action) {
    locked(() -> onTakenOver = action);
  }

  @Override
  public boolean takenOver() {
    return takenOver;
  }

  @Override
  public boolean reached() {
    return !lost || takenOver;
  }

  @Override
  public Optional<Duration> present() {
    lock.lock();
    try {
      return Optional.of(Duration.ofNanos((lost ? writeBefore : lastWrite) - began));
    } finally {
      lock.unlock();
    }
  }

  private void open() throws IOException {
    if (open || finished) {
      return;
    }
    open = true;
    Priming first = journal == null ? null : journal.begin();
    primed = first != null;
    events.open(first);
    beginComments(keepAlive.whileHeld(this::comment));
  }

  @Override
  boolean takesComments() {
    return open && !finished && connected;
  }

  @Override
  void comment() {
    super.comment();
    if (lost) {
      // What is done then asks Redis, for which the keep-alive's few threads must not wait.
      var _ = Threads.virtual("longhaul-mcp-lost", this::afterwards);
    }
  }

  private void event(ObjectNode message, boolean last) throws IOException {
    if (finished) {
      return;
    }
    String id = null;
    if (journal != null) {
      Journal.Kept kept = journal.keep(message, last);
      if (!kept.here()) {
        leaveToOther();
      }
      id = kept.id();
      if (last) {
        journal = null;
      }
    }
    if (connected) {
      events.event(id, "message", Json.bytes(message));
      wrote();
    }
  }

  /** Ends the response; the request goes on without it. */
  private void abandon() throws IOException {
    if (connected) {
      disconnect();
      events.end();
      released.complete(null);
    }
  }

  private void document(int httpStatus, ObjectNode message) throws IOException {
    byte[] body = Json.bytes(message);
    response.setStatus(httpStatus);
    JsonNode wait = message.path("error").path("data").path("retryAfterSeconds");
    if (httpStatus >= HttpServletResponse.SC_BAD_REQUEST && wait.isIntegralNumber()) {
      response.setHeader("Retry-After", wait.asString());
    }
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private void end() {
    if (!finished && open && journal != null) {
      journal.end();
    }
    finished = true;
    if (opening != null) {
      opening.cancel();
    }
    endComments();
  }

  @Override
  void wrote() {
    writeBefore = lastWrite;
    lastWrite = System.nanoTime();
  }

  @Override
  void lost() {
    disconnect();
    lost = true;
    gone = journal == null;
  }

  private void disconnect() {
    connected = false;
    endComments();
  }

  // Here, without the lock: the actions may want to wait for someone who wants to write.
  @Override
  void afterwards() {
    if (!lost && !takenOver) {
      return;
    }
    List<Runnable> actions = new ArrayList<>(3);
    lock.lock();
    try {
      if (takenOver && onTakenOver != null) {
        actions.add(onTakenOver);
        onTakenOver = null;
      }
      if (lost && !takenOver && onLost != null) {
        actions.add(onLost);
        onLost = null;
      }
      if (gone && onGone != null) {
        actions.add(onGone);
        onGone = null;
      }
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
  }
}
