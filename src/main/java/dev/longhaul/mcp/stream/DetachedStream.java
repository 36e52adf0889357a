package dev.longhaul.mcp.stream;

import dev.longhaul.load.WriteAllowance;
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

  /** One wait for the client to read, which also ends when the connection was closed meanwhile. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /** Large writes are made in pieces, because Tomcat waits anew after each byte that was sent. */
  private static final int PIECE = 16_384;

  /** How much a client may send before the response has ended. */
  private static final int MAX_EARLY = 65_536;

  /** How long Tomcat may take to leave the socket to this. */
  private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(10);

  private final CompletableFuture<SocketWrapperBase<?>> socket = new CompletableFuture<>();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private volatile @Nullable SocketWrapperBase<?> given;
  private volatile boolean closed;
  private volatile WriteAllowance allowance = new WriteAllowance(Duration.ofSeconds(30));
  private int early;

  /**
   * Sets how long the client may delay the stream in total, in addition to the time that its bytes
   * take at the slowest allowed rate.
   */
  void limitWrites(Duration limit) {
    allowance = new WriteAllowance(limit);
  }

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
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + PIECE));
      sendPiece(to, bytes);
    }
  }

  private void sendPiece(SocketWrapperBase<?> to, ByteBuffer piece) throws IOException {
    allowance.add(piece.remaining());
    long began = System.nanoTime();
    try {
      long wait =
          Math.min(TimeUnit.NANOSECONDS.toMillis(allowance.rest()), LONGEST_WAIT.toMillis());
      to.setWriteTimeout(Math.max(1, wait));
      to.write(true, piece);
      to.flush(true);
    } catch (RuntimeException e) { // Tomcat takes the socket apart when it closes the connection
      throw new IOException("The connection was closed during a write", e);
    }
    allowance.spend(System.nanoTime() - began);
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

  // A client sends nothing before the response has ended, so what comes is read to see the end, and
  // one that sends much is not one of HTTP.
  private boolean isOpen() {
    SocketWrapperBase<?> from = given;
    if (from == null) {
      return false;
    }
    try {
      int read = 1;
      while (read > 0 && early <= MAX_EARLY) {
        read = from.read(false, ByteBuffer.allocate(256));
        early += Math.max(0, read);
      }
      return read == 0;
    } catch (IOException | RuntimeException e) { // the latter if it is closed at the same time
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
