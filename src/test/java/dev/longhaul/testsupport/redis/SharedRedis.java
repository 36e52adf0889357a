package dev.longhaul.testsupport.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/**
 * A context's use of the Redis that all contexts of a JVM share, each in a separate namespace. The
 * server starts with the first context and ends with the JVM, after the last context was closed.
 */
public final class SharedRedis implements AutoCloseable {
  private static final Object LOCK = new Object();
  private static final long LONGEST_CLOSING_MILLIS = 60_000;
  private static @Nullable TemporaryRedis redis;
  private static int uses;

  private final TemporaryRedis used;
  private boolean closed;

  /** Starts the server unless it runs. */
  @SuppressWarnings("StaticAssignmentInConstructor") // one shared server, under a lock
  public SharedRedis() {
    synchronized (LOCK) {
      if (redis == null) {
        redis = new TemporaryRedis();
        Runtime.getRuntime().addShutdownHook(new Thread(SharedRedis::end, "longhaul-test-redis"));
      }
      used = redis;
      uses++;
    }
  }

  /** The connection details for Spring Boot. */
  public DataRedisConnectionDetails connectionDetails() {
    return used.connectionDetails();
  }

  // Contexts are closed by shutdown hooks, too, which run at the same time as this one.
  private static void end() {
    synchronized (LOCK) {
      long end = System.nanoTime() + LONGEST_CLOSING_MILLIS * 1_000_000;
      try {
        while (uses > 0 && System.nanoTime() - end < 0) {
          LOCK.wait(LONGEST_CLOSING_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (redis != null) {
        redis.close();
      }
    }
  }

  @Override
  public void close() {
    synchronized (LOCK) {
      if (!closed) {
        closed = true;
        uses--;
        LOCK.notifyAll();
      }
    }
  }
}
