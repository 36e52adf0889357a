package dev.longhaul.mcp.delivery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;

/**
 * The calls that are held open by this process. When it shuts down they are handed over, after the
 * worker has let running jobs finish and before the web server begins to wait for its requests: the
 * jobs outlive this process, and their clients learn how to go on.
 */
public final class OpenCalls implements SmartLifecycle {
  private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

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

  @Override
  public void start() {
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
