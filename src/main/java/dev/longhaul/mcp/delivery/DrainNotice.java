package dev.longhaul.mcp.delivery;

import org.springframework.context.SmartLifecycle;

/** Starts the drain of held calls when this process stops, before its worker drains. */
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

  /** The highest phase stops first, before the worker. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
