package dev.longhaul.testsupport.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/**
 * One context's use of the Redis that all contexts of a JVM share, each with a namespace of its
 * own. It starts with the first and ends with the JVM, after the last context was closed.
 */
public final class SharedRedis implements AutoCloseable {
  private static final Object LOCK = new Object();
  private static final long LONGEST_CLOSING_MILLIS = 60_000;
  private static @Nullable TemporaryRedis redis;
  private static int uses;

  private final TemporaryRedis used;
  private boolean closed;

  /** Starts it if it does not run yet. */
  @SuppressWarnings("StaticAssignmentInConstructor") // one server for all of them, under a lock
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

  /** Where it is, for Spring Boot. */
  public DataRedisConnectionDetails connectionDetails() {
    return used.connectionDetails();
  }

  // Contexts are closed by shutdown hooks too, at the same time as this one runs.
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
