package dev.longhaul.catalog;

import org.springframework.context.SmartLifecycle;

/**
 * Work of a bean that runs when all tools are registered. An exception stops the start.
 *
 * @param phase when: {@link Integer#MIN_VALUE} is before anything is served or worked on, 0 before
 *     the web server
 */
public record OnStart(int phase, Runnable work) implements SmartLifecycle {
  /** Checks something before anything is served or worked on. */
  public static OnStart check(Runnable check) {
    return new OnStart(Integer.MIN_VALUE, check);
  }

  @Override
  public void start() {
    work.run();
  }

  @Override
  public void stop() {}

  /** Always false, because nothing runs after the start. */
  @Override
  public boolean isRunning() {
    return false;
  }

  @Override
  public int getPhase() {
    return phase;
  }
}
