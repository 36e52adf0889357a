package dev.longhaul.security;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Reads from the store in one thread for all that wait. They share a failure, too, and after one
 * the store is left alone for a second: otherwise each request would wait in turn for a store that
 * does not answer.
 */
public final class SharedRead {
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable DataAccessException failure;
  private long failed;

  /**
   * The value.
   *
   * @param there the value if another thread has read it meanwhile
   * @throws DataAccessException if it cannot be read
   */
  public <T> T get(Supplier<Optional<T>> there, Supplier<T> read) {
    long asked = System.nanoTime();
    lock.lock();
    try {
      Optional<T> known = there.get();
      if (known.isPresent()) {
        return known.get();
      }
      DataAccessException before = failure;
      if (before != null && (failed - asked >= 0 || System.nanoTime() - failed < PAUSE)) {
        throw before;
      }
      return read(read);
    } finally {
      lock.unlock();
    }
  }

  private <T> T read(Supplier<T> read) {
    try {
      T value = read.get();
      failure = null;
      return value;
    } catch (DataAccessException e) {
      failure = e;
      failed = System.nanoTime();
      throw e;
    }
  }
}
