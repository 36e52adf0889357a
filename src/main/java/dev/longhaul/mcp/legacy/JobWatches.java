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
 * The jobs that this process tells sessions of, each until it has ended, and no more than so many.
 *
 * @param <K> what a watch is known by; another under the same key takes its place
 */
final class JobWatches<K> implements AutoCloseable {
  private static final int MOST = 1_000;

  private final Operations operations;
  private final Semaphore room = new Semaphore(MOST);
  private final Map<K, Watch> watches = new ConcurrentHashMap<>();

  JobWatches(Operations operations) {
    this.operations = operations;
  }

  /**
   * Begins to watch a job.
   *
   * @return whether there was room for it
   * @throws IntakeException if the job is unknown to the caller, or cannot be read; then it is not
   *     watched
   */
  boolean follow(K key, Caller caller, JobId id, Consumer<Job> listener) {
    if (!room.tryAcquire()) {
      return false;
    }
    Watch before;
    try {
      before = watches.put(key, operations.follow(caller, id, job -> told(key, job, listener)));
    } catch (IntakeException e) {
      room.release();
      throw e;
    }
    if (before != null) {
      room.release();
      before.close();
    }
    try {
      // It may have ended before it was noted here.
      if (operations.job(caller, id).state().terminal()) {
        end(key);
      }
    } catch (IntakeException e) {
      end(key);
      throw e;
    }
    return true;
  }

  /** Ends one, if it is there. */
  void end(K key) {
    Watch watch = watches.remove(key);
    if (watch != null) {
      room.release();
      watch.close();
    }
  }

  /** Ends all of that kind. */
  void endAll(Predicate<K> kind) {
    watches.keySet().stream().filter(kind).forEach(this::end);
  }

  @Override
  public void close() {
    endAll(_ -> true);
  }

  private void told(K key, Job job, Consumer<Job> listener) {
    listener.accept(job);
    if (job.state().terminal()) {
      end(key);
    }
  }
}
