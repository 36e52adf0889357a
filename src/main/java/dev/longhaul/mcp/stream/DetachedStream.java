package dev.longhaul.mcp.stream;

import dev.longhaul.thread.Threads;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * The connection of an event stream whose request has ended for Tomcat, which gives up all that it
 * keeps for a request (60 KB) and leaves the socket to this. The stream goes on in HTTP's chunks.
 * Tomcat offers this for protocols that a client upgrades to; here the response, which has begun,
 * simply continues.
 *
 * <p>Public, because Tomcat makes it.
 */
public final class DetachedStream implements InternalHttpUpgradeHandler {
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_CHUNK = {'\r', '\n'};

  /** How long a write waits for a client that does not read, as before. */
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);

  /** How long Tomcat may take to leave the socket to this. */
  private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(10);

  private final CompletableFuture<SocketWrapperBase<?>> socket = new CompletableFuture<>();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private volatile @Nullable SocketWrapperBase<?> given;
  private volatile boolean closed;

  /** Runs the action, in another thread, when the client has closed the connection. */
  void onLost(Runnable action) {
    var _ = lost.thenRun(() -> Threads.virtual("longhaul-mcp-lost", action));
  }

  /** Writes these bytes as one chunk. Not safe for several threads. */
  void write(byte[]... parts) throws IOException {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] head = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer chunk = ByteBuffer.allocate(head.length + length + END_OF_CHUNK.length).put(head);
    for (byte[] part : parts) {
      chunk.put(part);
    }
    send(chunk.put(END_OF_CHUNK).flip());
  }

  /** Ends the response and the connection. */
  void end() throws IOException {
    try {
      send(ByteBuffer.wrap(LAST_CHUNK));
    } finally {
      close();
    }
  }

  /** Closes the connection, in any thread, as if the client had left. */
  void abort() {
    destroy();
    close();
  }

  /** Closes the connection; the response stays incomplete. */
  void close() {
    closed = true;
    SocketWrapperBase<?> open = given;
    if (open != null) {
      open.close();
    }
  }

  private void send(ByteBuffer bytes) throws IOException {
    SocketWrapperBase<?> to = socket();
    to.write(true, bytes);
    to.flush(true);
  }

  // Right after the detachment Tomcat's thread is still on its way out of the filters.
  private SocketWrapperBase<?> socket() throws IOException {
    try {
      return socket.get(HAND_OVER_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("The connection was lost", e);
    }
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
    given = wrapper;
  }

  @Override
  public void init(WebConnection connection) {
    SocketWrapperBase<?> wrapper = given;
    if (wrapper != null) {
      wrapper.setWriteTimeout(WRITE_LIMIT.toMillis());
      socket.complete(wrapper);
      if (closed) { // before Tomcat gave the socket
        wrapper.close();
      }
    }
  }

  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ, OPEN_WRITE, TIMEOUT -> isOpen() ? SocketState.UPGRADED : lost();
      case STOP, DISCONNECT, ERROR, CONNECT_FAIL -> lost();
    };
  }

  // A client sends nothing before the response has ended, so what comes is read to see the end.
  private boolean isOpen() {
    SocketWrapperBase<?> from = given;
    if (from == null) {
      return false;
    }
    try {
      int read = 1;
      while (read > 0) {
        read = from.read(false, ByteBuffer.allocate(256));
      }
      return read == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private SocketState lost() {
    destroy();
    return SocketState.CLOSED;
  }

  @Override
  public void destroy() {
    socket.completeExceptionally(new IOException("Tomcat has closed the connection"));
    lost.complete(null);
  }

  @Override
  public void setSslSupport(SSLSupport support) {}

  @Override
  public void timeoutAsync(long now) {}

  @Override
  public void pause() {}
}
