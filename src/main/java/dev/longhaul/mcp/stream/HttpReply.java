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
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A reply over HTTP: one JSON document, or a stream of events once that has begun. */
public final class HttpReply implements Reply {
  private final HttpServletResponse response;
  private final EventWriter events;
  private final boolean canStream;
  private final KeepAlive keepAlive;

  // The call's thread, the tool's and the keep-alive's all write here, one at a time.
  private final ReentrantLock lock = new ReentrantLock();
  private boolean open;
  private boolean finished;
  // Whether the response may still be written to: neither lost nor released.
  private boolean connected = true;
  // Whether the client has resumed the stream on another connection.
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
  private @Nullable Future<?> comments;
  private final CompletableFuture<Void> released = new CompletableFuture<>();

  /**
   * @param canStream whether the client's Accept header names text/event-stream
   */
  public HttpReply(HttpServletResponse response, boolean canStream, KeepAlive keepAlive) {
    this.response = response;
    this.events = new EventWriter(response);
    this.canStream = canStream;
    this.keepAlive = keepAlive;
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
  public void answers(AwaitedJob awaited) {
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

  // Beginning a journal calls Redis, which must not block the keep-alive's few threads.
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

  /** Completes once the connection was released: from then on the response is not used any more. */
  public CompletableFuture<Void> released() {
    return released.copy();
  }

  /** Stops using the response, whether or not the request was answered. */
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
    lock.lock();
    try {
      onGone = action;
    } finally {
      lock.unlock();
    }
    tell();
  }

  @Override
  public void onLost(Runnable action) {
    lock.lock();
    try {
      onLost = action;
    } finally {
      lock.unlock();
    }
    tell();
  }

  @Override
  public void onTakenOver(Runnable action) {
    lock.lock();
    try {
      onTakenOver = action;
    } finally {
      lock.unlock();
    }
    tell();
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
    comments = keepAlive.whileHeld(this::comment);
  }

  private void comment() {
    // Another thread is writing, which keeps the connection alive as well.
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (open && !finished && connected) {
        events.comment();
        wrote();
      }
    } catch (IOException e) {
      lost();
    } finally {
      lock.unlock();
    }
    if (lost) {
      // The actions call Redis, which must not block the keep-alive's few threads.
      var _ = Threads.virtual("longhaul-mcp-lost", this::tell);
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

  /** Ends the response; the request continues without it. */
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
    cancel(comments);
  }

  private void wrote() {
    writeBefore = lastWrite;
    lastWrite = System.nanoTime();
  }

  private void lost() {
    disconnect();
    lost = true;
    gone = journal == null;
  }

  private void disconnect() {
    connected = false;
    cancel(comments);
  }

  private void locked(Writing writing) {
    lock.lock();
    try {
      writing.run();
    } catch (IOException e) {
      lost();
    } finally {
      lock.unlock();
    }
    tell();
  }

  // Outside the lock: an action may wait for a thread that wants to write.
  private void tell() {
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

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }
}
