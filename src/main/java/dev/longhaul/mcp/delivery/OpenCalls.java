package dev.longhaul.mcp.delivery;

import dev.longhaul.job.LocalJobs;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The calls that this process holds open. On shutdown it hands them over, so that their clients
 * learn how to continue: first those whose jobs do not run here, the others at the end of the
 * worker's drain, and all before the web server waits for its open requests.
 */
public final class OpenCalls implements SmartLifecycle {
  private final Supplier<LocalJobs> local;
  private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Drain drain;
  private volatile boolean running;

  /**
   * @param local the jobs of this process; looked up on shutdown only, because a dependency on the
   *     worker would change the order in which Spring stops the beans
   */
  public OpenCalls(Supplier<LocalJobs> local) {
    this.local = local;
  }

  void add(Wait wait) {
    waits.add(wait);
    if (!running) {
      wait.stop(WaitEnd.SHUTTING_DOWN);
    }
  }

  void remove(Wait wait) {
    waits.remove(wait);
  }

  /** How many calls are held open now. */
  public int size() {
    return waits.size();
  }

  /** Begins the drain: this process stops. */
  void drain() {
    drain = new Drain(local.get(), System.nanoTime());
    waits.forEach(Wait::wake);
  }

  /** The drain in progress, or null if this process is not stopping. */
  @Nullable Drain draining() {
    return drain;
  }

  @Override
  public void start() {
    drain = null; // a paused context can be started again
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    waits.forEach(wait -> wait.stop(WaitEnd.SHUTTING_DOWN));
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    // After the worker's drain, which may still bring results, and before the web server's
    // graceful shutdown (DEFAULT_PHASE - 1024), which would wait for them.
    return DEFAULT_PHASE - 512;
  }
}
