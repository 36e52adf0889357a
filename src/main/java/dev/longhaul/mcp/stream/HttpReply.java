package dev.longhaul.mcp.stream;

import dev.longhaul.mcp.wire.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A reply over HTTP: one JSON document, or a stream of events once it was begun. */
public final class HttpReply implements Reply {
  private static final byte[] EVENT = ascii("event: message\ndata: ");
  private static final byte[] END_OF_EVENT = ascii("\n\n");
  private static final byte[] COMMENT = ascii(":\n\n");

  private final HttpServletResponse response;
  private final boolean canStream;
  private final KeepAlive keepAlive;

  // The call's thread, the tool's and the keep-alive's all write here, one at a time.
  private final ReentrantLock lock = new ReentrantLock();
  private boolean open;
  private boolean finished;
  private volatile boolean gone;
  private @Nullable Runnable onGone;
  private @Nullable Future<?> opening;
  private @Nullable Future<?> comments;

  /**
   * @param canStream whether the client's Accept header names text/event-stream
   */
  public HttpReply(HttpServletResponse response, boolean canStream, KeepAlive keepAlive) {
    this.response = response;
    this.canStream = canStream;
    this.keepAlive = keepAlive;
  }

  @Override
  public boolean canStream() {
    return canStream;
  }

  @Override
  public void openAfter(Duration quiet) {
    locked(() -> {
      if (canStream && !open && !finished && opening == null) {
        opening = keepAlive.after(quiet, () -> locked(this::open));
      }
    });
  }

  @Override
  public void send(ObjectNode notification) {
    if (canStream) {
      locked(() -> {
        open();
        event(notification);
      });
    }
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    locked(() -> {
      if (open) {
        event(message);
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

  /** Lets go of the response, whether or not the request was answered. */
  public void close() {
    locked(this::end);
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
    if (gone) {
      told();
    }
  }

  private void open() throws IOException {
    if (open || finished) {
      return;
    }
    open = true;
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "no-cache");
    // Tells nginx and its like not to hold events back.
    response.setHeader("X-Accel-Buffering", "no");
    write(COMMENT);
    comments = keepAlive.repeat(this::comment);
  }

  private void comment() {
    // Whoever holds the lock is writing, which is as good a sign of life.
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (!finished) {
        write(COMMENT);
      }
    } catch (IOException e) {
      lost();
    } finally {
      lock.unlock();
    }
    if (gone) {
      told();
    }
  }

  private void event(ObjectNode message) throws IOException {
    if (!finished && !gone) {
      write(EVENT, Json.bytes(message), END_OF_EVENT);
    }
  }

  private void document(int httpStatus, ObjectNode message) throws IOException {
    byte[] body = Json.bytes(message);
    response.setStatus(httpStatus);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private void write(byte[]... parts) throws IOException {
    OutputStream out = response.getOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    response.flushBuffer();
  }

  private void end() {
    finished = true;
    cancel(opening);
    cancel(comments);
  }

  private void lost() {
    gone = true;
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
    if (gone) {
      told();
    }
  }

  // Outside the lock: the action may want to wait for someone who wants to write.
  private void told() {
    Runnable action;
    lock.lock();
    try {
      action = onGone;
      onGone = null;
    } finally {
      lock.unlock();
    }
    if (action != null) {
      action.run();
    }
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }
}
