package dev.longhaul.redis;

import dev.longhaul.thread.Threads;
import org.springframework.context.SmartLifecycle;

/** Opens the connections in the background when the application starts. */
final class OpenConnections implements SmartLifecycle {
  private final RedisConnections connections;
  private volatile boolean running;

  OpenConnections(RedisConnections connections) {
    this.connections = connections;
  }

  @Override
  public void start() {
    running = true;
    var _ = Threads.virtual("longhaul-redis-connections", connections::open);
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // After the client of Spring Data, whose phase is 0.
  @Override
  public int getPhase() {
    return 1;
  }
}
