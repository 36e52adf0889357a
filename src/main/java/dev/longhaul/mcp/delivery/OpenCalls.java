package dev.longhaul.mcp.delivery;

import dev.longhaul.job.LocalJobs;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The calls that are held open by this process. When it is told to stop, those are handed over
 * whose jobs do not run here, and the others when their job cannot be waited for any longer: the
 * jobs outlive this process, and their clients learn how to go on. What is left then is handed over
 * before the web server begins to wait for its requests.
 */
public final class OpenCalls implements SmartLifecycle {
  private final Supplier<LocalJobs> local;
  private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Drain drain;
  private volatile boolean running;

  /**
   * @param local the jobs of this process. Asked for only when it is told to stop: Spring stops
   *     what depends on the worker before the worker
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

  /** This process is told to stop, and its worker begins to drain. */
  void drain() {
    drain = new Drain(local.get(), System.nanoTime());
    waits.forEach(Wait::wake);
  }

  /** The drain that goes on, or null while nobody has told this process to stop. */
  @Nullable Drain draining() {
    return drain;
  }

  @Override
  public void start() {
    drain = null; // a paused context starts again
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
    // After the worker's drain, which may still bring their results, and before the web server's
    // graceful shutdown (DEFAULT_PHASE - 1024), which would wait for them.
    return DEFAULT_PHASE - 512;
  }
}
