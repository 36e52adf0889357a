package dev.longhaul.intake;

import dev.longhaul.intake.Operations.Follower;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.JobQueue.JobWatch;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests wait for and follow jobs: reads a job at each hint of the queue, and periodically
 * without one.
 */
public final class JobFollowers {
  private static final Logger log = LoggerFactory.getLogger(JobFollowers.class);

  private static final int MAX_LOGS = 1_000;
  private static final Supervised READS = new Supervised("reading jobs for waiting requests");
  private static final Supervised NOTIFICATIONS =
      new Supervised("notifying the followers of a job");

  /** The pause between two reads while the store is not available. */
  private static final Duration OUTAGE = Duration.ofMillis(250);

  private final JobQueue queue;
  private final Duration pollInterval;
  private final Clock clock;
  private final Map<JobId, Integer> waiting = new ConcurrentHashMap<>();

  JobFollowers(JobQueue queue, Duration pollInterval, Clock clock) {
    this.queue = queue;
    this.pollInterval = pollInterval;
    this.clock = clock;
  }

  /** How many requests of this process wait for the job. */
  public int waiting(JobId id) {
    return waiting.getOrDefault(id, 0);
  }

  /**
   * Waits until the job has ended or the wait is over.
   *
   * @return the job as it is then
   */
  public Job await(Caller caller, JobId id, Duration wait) throws InterruptedException {
    Instant end = clock.instant().plus(wait);
    Semaphore hints = new Semaphore(0);
    enter(id);
    try (JobWatch watch = queue.watch(id, hints::release)) {
      Job job = QueueAnswers.owned(caller, watch.job(), id);
      @Nullable QueueUnavailableException away = null;
      while (true) {
        long left = Duration.between(clock.instant(), end).toMillis();
        if (job.state().terminal() || (left <= 0 && away == null)) {
          return job;
        }
        if (left <= 0) {
          throw away; // the state from before the outage may be wrong
        }
        pause(hints, Math.min(left, (away == null ? pollInterval : OUTAGE).toMillis()));
        try {
          job = QueueAnswers.owned(caller, queue.operation(id), id);
          away = null;
        } catch (QueueUnavailableException e) {
          away = e; // the wait continues through an outage that ends before it
        }
      }
    } finally {
      leave(id);
    }
  }

  /** Calls the listener now and at every change, in a separate thread. */
  public Watch follow(Caller caller, JobId id, Follower listener) {
    Semaphore hints = new Semaphore(0);
    Queue<JobLog> logs = new ConcurrentLinkedQueue<>();
    AtomicBoolean left = new AtomicBoolean();
    Runnable leaveOnce =
        () -> {
          if (left.compareAndSet(false, true)) {
            leave(id);
          }
        };
    enter(id);
    Job found;
    JobWatch watch;
    try {
      watch = queue.watch(id, watcher(hints, logs));
      found = owned(caller, watch, id);
    } catch (RuntimeException e) {
      leaveOnce.run();
      throw e;
    }
    Thread thread =
        Threads.virtual(
            "follow-" + id, () -> follow(found, listener, hints, logs, watch, leaveOnce));
    return () -> {
      // Not left to the thread, because the caller may check immediately whether other requests
      // wait.
      leaveOnce.run();
      thread.interrupt();
    };
  }

  private Job owned(Caller caller, JobWatch watch, JobId id) {
    try {
      return QueueAnswers.owned(caller, watch.job(), id);
    } catch (RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  private static JobQueue.Watcher watcher(Semaphore hints, Queue<JobLog> logs) {
    return new JobQueue.Watcher() {
      @Override
      public void changed() {
        hints.release();
      }

      @Override
      public void logged(JobLog log) {
        // A slow listener loses messages instead of using more memory.
        if (logs.size() < MAX_LOGS) {
          logs.add(log);
        }
        hints.release();
      }
    };
  }

  private void follow(
      Job found,
      Follower listener,
      Semaphore hints,
      Queue<JobLog> logs,
      JobWatch watch,
      Runnable leaveOnce) {
    JobId id = found.id();
    @Nullable Job last = null;
    try (watch) {
      Optional<Job> read = Optional.of(found);
      while (true) {
        // After the read, so that log messages are delivered before the end.
        for (JobLog message = logs.poll(); message != null; message = logs.poll()) {
          JobLog next = message;
          call(() -> listener.logged(next));
        }
        if (read.isPresent() && changed(last, read.get())) {
          last = read.get();
          Job now = last;
          call(() -> listener.changed(now));
        }
        if (read.isEmpty()) {
          // Deleted, which counts as an end; reading its outcome then fails as unknown.
          Job gone = (last == null ? found : last).ended(JobState.CANCELLED);
          call(() -> listener.changed(gone));
          return;
        }
        if (read.get().state().terminal()) {
          return;
        }
        pause(hints, pollInterval.toMillis());
        read = read(id);
      }
    } catch (InterruptedException e) {
      log.trace("No longer following job {}", id);
    } finally {
      leaveOnce.run();
    }
  }

  // A listener that fails still gets the next change.
  private static void call(Runnable listener) throws InterruptedException {
    var _ = NOTIFICATIONS.run(listener::run);
  }

  private Optional<Job> read(JobId id) throws InterruptedException {
    while (true) {
      try {
        Optional<Job> read = queue.operation(id);
        READS.worked();
        return read;
      } catch (RuntimeException | Error e) {
        // The read is repeated until Redis is available again.
        READS.failed(e);
        Thread.sleep(OUTAGE);
      }
    }
  }

  private static boolean changed(@Nullable Job before, Job now) {
    return before == null
        || before.state() != now.state()
        || before.attempt() != now.attempt()
        || before.questions() != now.questions()
        || !Objects.equals(before.waiting(), now.waiting())
        || !before.progress().equals(now.progress());
  }

  private static void pause(Semaphore hints, long millis) throws InterruptedException {
    var _ = hints.tryAcquire(millis, TimeUnit.MILLISECONDS);
    hints.drainPermits();
  }

  private void enter(JobId id) {
    waiting.merge(id, 1, Integer::sum);
  }

  private void leave(JobId id) {
    waiting.computeIfPresent(id, (k, count) -> count == 1 ? null : count - 1);
  }
}
