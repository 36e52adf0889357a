package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobQueue.Watch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Watches jobs for sessions, each until it has ended, with a limit on their number.
 *
 * @param <K> the key of a watch; a new watch replaces one with the same key
 */
final class JobWatches<K> implements AutoCloseable {
  private static final int MAX_WATCHES = 1_000;

  private final Operations operations;
  private final Semaphore permits = new Semaphore(MAX_WATCHES);
  private final Map<K, Watch> watches = new ConcurrentHashMap<>();

  JobWatches(Operations operations) {
    this.operations = operations;
  }

  /**
   * Begins to watch a job.
   *
   * @return false if the limit is reached
   * @throws IntakeException if the job is unknown to the caller or cannot be read; then it is not
   *     watched
   */
  boolean follow(K key, Caller caller, JobId id, Consumer<Job> listener) {
    if (!permits.tryAcquire()) {
      return false;
    }
    Watch before;
    try {
      before = watches.put(key, operations.follow(caller, id, job -> changed(key, job, listener)));
    } catch (IntakeException e) {
      permits.release();
      throw e;
    }
    if (before != null) {
      permits.release();
      before.close();
    }
    try {
      // The job may have ended before the watch was stored.
      if (operations.job(caller, id).state().terminal()) {
        end(key);
      }
    } catch (IntakeException e) {
      end(key);
      throw e;
    }
    return true;
  }

  /** Ends a watch if there is one. */
  void end(K key) {
    Watch watch = watches.remove(key);
    if (watch != null) {
      permits.release();
      watch.close();
    }
  }

  /** Ends all watches with matching keys. */
  void endAll(Predicate<K> kind) {
    watches.keySet().stream().filter(kind).forEach(this::end);
  }

  @Override
  public void close() {
    endAll(_ -> true);
  }

  private void changed(K key, Job job, Consumer<Job> listener) {
    listener.accept(job);
    if (job.state().terminal()) {
      end(key);
    }
  }
}
