package dev.longhaul.intake;

import dev.longhaul.intake.Operations.Follower;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.JobQueue.JobWatch;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.ThreadContext;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests wait for and follow jobs: reads a job at each hint of the queue, and periodically
 * without one.
 */
public final class JobFollowers {
  private static final Logger log = LoggerFactory.getLogger(JobFollowers.class);

  private static final Supervised READS = new Supervised("reading jobs for waiting requests");
  private static final Supervised NOTIFICATIONS =
      new Supervised("notifying the followers of a job");

  /** The pause between two reads while the store is not available. */
  private static final Duration OUTAGE = Duration.ofMillis(250);

  /**
   * How long a quick listener waits after a hint before it reads: the end of a quick call comes
   * soon after its start, and is told without a read.
   */
  private static final Duration SOON = Duration.ofMillis(20);

  private final JobQueue queue;
  private final Duration pollInterval;
  private final Clock clock;
  private final CoarseTimer timer;
  private final Map<JobId, Integer> waiting = new ConcurrentHashMap<>();

  /**
   * @param pollInterval how often a job is read without a hint
   */
  JobFollowers(JobQueue queue, Duration pollInterval, CoarseTimer timer, Clock clock) {
    this.queue = queue;
    this.timer = timer;
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

  /**
   * Calls the listener now and at every change. A quick listener is called at once, and when the
   * job's end is told; everything else happens in a separate thread, which begins when it is
   * needed.
   */
  public Watch follow(Caller caller, JobId id, Follower listener) {
    enter(id);
    var following = new Following(id, listener);
    try {
      following.begin(caller);
    } catch (RuntimeException e) {
      following.leave();
      throw e;
    }
    return following;
  }

  /** How a job ended. */
  private record End(Job job, Outcome outcome) {}

  private final class Following implements JobQueue.Watcher, Watch {
    private final JobId id;
    private final Follower listener;
    private final Runnable run = ThreadContext.carried(this::run);
    private final Semaphore hints = new Semaphore(0);
    private final Queue<JobLog> logs = new ConcurrentLinkedQueue<>();
    private boolean left;
    private @Nullable JobWatch watch;
    private CoarseTimer.@Nullable Handle poll;
    private CoarseTimer.@Nullable Handle soon;
    private @Nullable Job found;
    private @Nullable Job last;
    private @Nullable End end;
    private @Nullable Thread thread;
    private boolean over;

    Following(JobId id, Follower listener) {
      this.id = id;
      this.listener = listener;
    }

    void begin(Caller caller) {
      // Without the lock: a thread of Netty that calls this watcher meanwhile must not wait.
      JobWatch begun = queue.watch(id, this);
      Job job;
      try {
        job = QueueAnswers.owned(caller, begun.job(), id);
      } catch (RuntimeException e) {
        begun.close();
        throw e;
      }
      begin(begun, job);
    }

    private synchronized void begin(JobWatch begun, Job job) {
      watch = begun;
      found = job;
      if (!quick()) {
        start();
        return;
      }
      last = job;
      listener.changed(job);
      if (job.state().terminal()) {
        finish();
      } else if (end != null) {
        tell(end);
      } else {
        poll = timer.after(pollInterval, this::hint);
        if (hints.availablePermits() > 0) {
          startSoon();
        }
      }
    }

    private synchronized void hint() {
      hints.release();
      start();
    }

    private void startSoon() {
      if (soon == null && !over) {
        soon = timer.after(SOON, this::start);
      }
    }

    // Not before the listener has got the job as it was found.
    private synchronized void start() {
      if (thread == null && found != null && !over) {
        thread = Threads.virtual("follow-" + id, run);
      }
    }

    @Override
    public synchronized void changed() {
      hints.release();
      if (found != null && quick()) {
        startSoon();
      } else {
        start();
      }
    }

    @Override
    public void logged(JobLog log) {
      // A slow listener loses messages instead of using more memory.
      if (logs.size() < MAX_LOGS) {
        logs.add(log);
      }
      hint();
    }

    @Override
    public void ended(Job job, Outcome outcome) {
      boolean tells;
      synchronized (this) {
        end = new End(job, outcome);
        tells = thread == null && found != null && quick() && !over;
        if (tells) {
          finish();
        } else {
          hint();
        }
      }
      if (tells) {
        // Without the lock, because the thread that this wakes closes the watch.
        listener.ended(job, outcome);
      }
    }

    // Log messages are delivered by the thread, before all that came after them.
    private boolean quick() {
      return listener.quick() && logs.isEmpty();
    }

    private void tell(End how) {
      if (!over) {
        listener.ended(how.job(), how.outcome());
        finish();
      }
    }

    private void finish() {
      over = true;
      leave();
    }

    synchronized void leave() {
      if (!left) {
        left = true;
        JobFollowers.this.leave(id);
      }
      if (poll != null) {
        poll.cancel();
      }
      if (soon != null) {
        soon.cancel();
      }
      if (watch != null) {
        watch.close();
      }
    }

    @Override
    public synchronized void close() {
      // Not left to the thread, because the caller may check immediately whether other requests
      // wait.
      finish();
      if (thread != null) {
        thread.interrupt();
      }
    }

    private synchronized @Nullable End end() {
      return end;
    }

    private void run() {
      Job first;
      Job seen;
      synchronized (this) {
        first = Objects.requireNonNull(found, "not begun");
        seen = last;
      }
      try {
        follow(first, seen);
      } catch (InterruptedException e) {
        log.trace("No longer following job {}", id);
      } finally {
        leave();
      }
    }

    private void follow(Job first, @Nullable Job seen) throws InterruptedException {
      @Nullable Job before = seen;
      Optional<Job> read = Optional.of(first);
      while (true) {
        End how = end();
        // After the read, so that log messages are delivered before the end.
        for (JobLog message = logs.poll(); message != null; message = logs.poll()) {
          JobLog next = message;
          call(() -> listener.logged(next));
        }
        if (how != null) {
          call(() -> listener.ended(how.job(), how.outcome()));
          return;
        }
        if (read.isPresent() && JobFollowers.changed(before, read.get())) {
          before = read.get();
          Job now = before;
          call(() -> listener.changed(now));
        }
        if (read.isEmpty()) {
          // Deleted, which counts as an end; reading its outcome then fails as unknown.
          Job gone = (before == null ? first : before).ended(JobState.CANCELLED);
          call(() -> listener.changed(gone));
          return;
        }
        if (read.get().state().terminal()) {
          return;
        }
        pause(hints, pollInterval.toMillis());
        if (end() == null) {
          read = read(id);
        }
      }
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
