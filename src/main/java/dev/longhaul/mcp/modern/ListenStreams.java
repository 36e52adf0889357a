package dev.longhaul.mcp.modern;

import dev.longhaul.intake.Caller;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.RpcException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;

/**
 * The open subscriptions of this process: limits their number per caller and ends them on shutdown.
 */
public final class ListenStreams implements SmartLifecycle {
  /** How long a stop waits until the streams' last messages are written. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  private final Set<ListenStream> streams = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> callers = new ConcurrentHashMap<>();
  private final int perCaller;
  private volatile boolean running;

  /**
   * @param perCaller how many streams one caller may have open in this process
   */
  public ListenStreams(int perCaller) {
    this.perCaller = perCaller;
  }

  /**
   * Counts a stream that is about to be opened; {@link #leave} must follow.
   *
   * @throws RpcException {@code TOO_MANY_STREAMS}
   */
  void enter(Caller caller) {
    int count = callers.merge(caller.owner(), 1, Integer::sum);
    if (count > perCaller) {
      leave(caller);
      throw new RpcException(
          200,
          ErrorCode.TOO_MANY_STREAMS,
          "This caller has "
              + perCaller
              + " subscriptions open on this server, which is all it may"
              + " (longhaul.mcp.listen.max-streams); close one first.");
    }
  }

  void leave(Caller caller) {
    callers.computeIfPresent(caller.owner(), (_, count) -> count == 1 ? null : count - 1);
  }

  void add(ListenStream stream) {
    streams.add(stream);
    if (!running) {
      stream.shutDown();
    }
  }

  void remove(ListenStream stream) {
    streams.remove(stream);
  }

  /** How many are open now. */
  public int size() {
    return streams.size();
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    List<ListenStream> open = List.copyOf(streams);
    open.forEach(ListenStream::shutDown);
    awaitEnd(open);
  }

  // The web server's graceful shutdown does not wait for detached streams.
  private static void awaitEnd(List<ListenStream> streams) {
    long began = System.nanoTime();
    try {
      for (ListenStream stream : streams) {
        stream.awaitDetachedEnd(LAST_WRITES.minusNanos(System.nanoTime() - began));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    // After the worker's drain, which still changes tasks, and before the web server's graceful
    // shutdown (DEFAULT_PHASE - 1024), which would wait for these streams.
    return DEFAULT_PHASE - 512;
  }
}
