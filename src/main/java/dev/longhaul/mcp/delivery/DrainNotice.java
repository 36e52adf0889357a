package dev.longhaul.mcp.delivery;

import org.springframework.context.SmartLifecycle;

/** Tells the held calls that this process is to stop, before its worker begins to drain. */
public final class DrainNotice implements SmartLifecycle {
  private final OpenCalls calls;
  private volatile boolean running;

  public DrainNotice(OpenCalls calls) {
    this.calls = calls;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    calls.drain();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops before everything else, the worker included, which takes its time. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
