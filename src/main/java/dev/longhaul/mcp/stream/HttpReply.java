package dev.longhaul.mcp.stream;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.security.LastingRequest;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.Threads;
import jakarta.servlet.http.HttpServletRequest;
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

/** A reply over HTTP: one JSON document, or a stream of events once that has begun. */
public final class HttpReply extends Connection implements Reply {
  private final HttpServletResponse response;
  private final boolean canStream;
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
  private final CompletableFuture<Void> released = new CompletableFuture<>();
  private @Nullable Detaching detaching;
  private volatile @Nullable DetachedStream detached;
  private volatile boolean detachedOver;
  private final CompletableFuture<Void> detachedEnded = new CompletableFuture<>();

  /**
   * @param canStream whether the client's Accept header names text/event-stream
   */
  public HttpReply(HttpServletResponse response, boolean canStream, KeepAlive keepAlive) {
    super(response, keepAlive);
    this.response = response;
    this.canStream = canStream;
  }

  /**
   * A reply that can be detached from this request, if the container allows it.
   *
   * @param writeLimit how long the client may delay a detached stream in total
   */
  public HttpReply(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean canStream,
      KeepAlive keepAlive,
      Duration writeLimit) {
    this(response, canStream, keepAlive);
    this.detaching = new Detaching(request, response, writeLimit);
  }

  @Override
  public boolean canStream() {
    return canStream;
  }

  @Override
  public void keepIn(Journal journal) {
    update(() -> {
      if (canStream && !open && !finished) {
        this.journal = journal;
        journal.onTakenOver(() -> update(this::leaveToOther));
      }
    });
  }

  // The client no longer reads this connection.
  private void leaveToOther() throws IOException {
    takenOver = true;
    abandon();
  }

  @Override
  public void answers(AwaitedJob awaited) {
    update(() -> {
      if (journal != null && !open) {
        journal.answers(awaited);
      }
    });
  }

  @Override
  public void openAfter(Duration quiet) {
    update(() -> {
      if (canStream && !open && !finished && opening == null) {
        opening = keepAlive.after(quiet, this::openSoon);
      }
    });
  }

  // Beginning a journal calls Redis, which must not block the keep-alive's few threads.
  private void openSoon() {
    var _ = Threads.virtual("longhaul-mcp-open", () -> update(this::open));
  }

  @Override
  public void send(ObjectNode notification) {
    if (canStream) {
      update(() -> {
        open();
        event(notification, false);
      });
    }
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    update(() -> {
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
    update(() -> {
      if (!open && !finished) {
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
      }
      end();
    });
  }

  @Override
  public void release() {
    update(() -> {
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

  @Override
  public boolean detach() {
    update(() -> {
      Detaching possible = detaching;
      detaching = null;
      if (possible == null || !open || finished || !connected || journal != null) {
        return;
      }
      DetachedStream stream = possible.detach();
      if (stream != null) {
        detached = stream;
        events.continueOn(stream);
        stream.onLost(() -> update(this::lostDetached));
        new LastingRequest(this::whenDetachedEnds, () -> closeDetached(stream))
            .declare(possible.request());
      }
    });
    return detached != null;
  }

  private void lostDetached() {
    if (connected) {
      lost();
    }
  }

  // Does not wait for the lock, which a write to a client that does not read may hold for long.
  private void closeDetached(DetachedStream stream) {
    if (!lock.tryLock()) {
      stream.abort();
      return;
    }
    try {
      end();
      lost();
    } finally {
      lock.unlock();
    }
    runActions();
    detachedEnded.complete(null);
  }

  @Override
  public boolean whenDetachedEnds(Runnable action) {
    if (detached == null) {
      return false;
    }
    var _ = detachedEnded.thenRun(action);
    return true;
  }

  /** Stops using the response, whether or not the request was answered, unless it is detached. */
  public void close() {
    if (detached == null) {
      update(this::end);
    }
  }

  @Override
  public void probe() {
    writeComment();
    // Run here, so that the process that probes finds the records that the actions store.
    runActions();
  }

  @Override
  public boolean gone() {
    return gone;
  }

  @Override
  public void onGone(Runnable action) {
    update(() -> onGone = action);
  }

  @Override
  public void onLost(Runnable action) {
    update(() -> onLost = action);
  }

  @Override
  public void onTakenOver(Runnable action) {
    update(() -> onTakenOver = action);
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
    startComments(keepAlive.whileHeld(this::keepAlive));
  }

  private void keepAlive() {
    writeComment();
    if (lost) {
      // The actions call Redis, which must not block the keep-alive's few threads.
      var _ = Threads.virtual("longhaul-mcp-lost", this::runActions);
    }
  }

  @Override
  boolean acceptsComments() {
    return open && !finished && connected;
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
    stopComments();
    endDetached();
  }

  private void endDetached() {
    DetachedStream stream = detached;
    if (stream == null || detachedOver) {
      return;
    }
    detachedOver = true;
    try {
      if (connected) {
        connected = false;
        stream.end();
      } else {
        stream.close();
      }
    } catch (IOException e) {
      lost = true; // the client has disconnected
    }
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
    stopComments();
  }

  private void update(Writing writing) {
    locked(writing);
    runActions();
    if (detachedOver) {
      detachedEnded.complete(null); // outside the lock, too
    }
  }

  // Outside the lock: an action may wait for a thread that wants to write.
  private void runActions() {
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
