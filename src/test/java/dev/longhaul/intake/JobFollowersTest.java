package dev.longhaul.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.redis.RedisQueueFixture;
import dev.longhaul.queue.redis.Requests;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.thread.CoarseTimer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Following a job continues after any failure of a read or a listener. */
@Timeout(120)
class JobFollowersTest {
  private final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());
  private final CoarseTimer timer = new CoarseTimer("test-timer");
  private final BlockingQueue<JobState> told = new LinkedBlockingQueue<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private JobQueue jobs;
  private JobId id;

  @BeforeEach
  void open() throws InterruptedException {
    redis.open();
    jobs = redis.jobs(100);
    hear();
    id = enqueue();
  }

  // The first subscription of a process lets all listeners read once, which counts as a read here.
  // It is over when a message has arrived.
  private void hear() throws InterruptedException {
    JobId other = enqueue();
    var cancelled = new CountDownLatch(1);
    var listener =
        new JobQueue.Watcher() {
          @Override
          public void changed() {}

          @Override
          public void ended(Job job, Outcome outcome) {
            cancelled.countDown();
          }
        };
    try (var _ = jobs.watch(other, listener)) {
      jobs.cancel(other);
      assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private JobId enqueue() {
    return jobs.enqueue(List.of(Requests.repeatable())).getFirst();
  }

  @AfterEach
  void close() {
    timer.close();
    redis.close();
  }

  @Test
  void theEndIsToldAfterReadsThatFailed() throws Exception {
    var followers =
        new JobFollowers(failing(true), Duration.ofMinutes(5), timer, Clock.systemUTC());
    try (var _ = followers.follow(Caller.LOCAL, id, job -> told.add(job.state()))) {
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(JobState.QUEUED);
      jobs.cancel(id);
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(JobState.CANCELLED);
    }
    assertThat(reads.get()).isGreaterThan(3);
  }

  @Test
  void aQuickListenerIsToldTheEndWithoutARead() throws Exception {
    var followers =
        new JobFollowers(failing(false), Duration.ofMinutes(5), timer, Clock.systemUTC());
    var outcomes = new LinkedBlockingQueue<Outcome>();
    var listener =
        new Operations.Follower() {
          @Override
          public void changed(Job job) {
            told.add(job.state());
          }

          @Override
          public void ended(Job job, Outcome outcome) {
            told.add(job.state());
            outcomes.add(outcome);
          }

          @Override
          public boolean quick() {
            return true;
          }
        };
    try (var _ = followers.follow(Caller.LOCAL, id, listener)) {
      assertThat(told).containsExactly(JobState.QUEUED);
      assertThat(followers.waiting(id)).isOne();
      jobs.cancel(id);
      assertThat(outcomes.poll(60, TimeUnit.SECONDS)).isEqualTo(new Outcome.Cancelled(null));
      assertThat(told).containsExactly(JobState.QUEUED, JobState.CANCELLED);
    }
    assertThat(followers.waiting(id)).isZero();
    assertThat(reads).hasValue(0);
  }

  @Test
  void theStartOfAQuickCallIsNotReadWhenItsEndFollows() {
    timer.close(); // nothing that is to happen later happens
    var watcher = new AtomicReference<JobQueue.Watcher>();
    var followers =
        new JobFollowers(watched(watcher), Duration.ofMinutes(5), timer, Clock.systemUTC());
    var listener = new QuickListener();

    try (var _ = followers.follow(Caller.LOCAL, id, listener)) {
      watcher.get().changed();
      end(watcher.get());
      assertThat(listener.heard).containsExactly("QUEUED", "end");
    }
    assertThat(reads).hasValue(0);
  }

  @Test
  void aQuickListenerIsToldAChangeThatNoEndFollows() throws Exception {
    var watcher = new AtomicReference<JobQueue.Watcher>();
    var followers =
        new JobFollowers(watched(watcher), Duration.ofMinutes(5), timer, Clock.systemUTC());
    var listener = new QuickListener();

    try (var _ = followers.follow(Caller.LOCAL, id, listener)) {
      jobs.cancel(id); // which this watcher is not told
      watcher.get().changed();
      assertThat(listener.heard.poll(60, TimeUnit.SECONDS)).isEqualTo("QUEUED");
      assertThat(listener.heard.poll(60, TimeUnit.SECONDS)).isEqualTo("CANCELLED");
    }
  }

  /** The queue, with the watcher instead of its notices, and its reads counted. */
  private JobQueue watched(AtomicReference<JobQueue.Watcher> watcher) {
    return (JobQueue)
        Proxy.newProxyInstance(
            JobQueue.class.getClassLoader(),
            new Class<?>[] {JobQueue.class},
            (_, method, args) -> {
              if (method.getName().equals("operation")) {
                reads.incrementAndGet();
              }
              if (!method.getName().equals("watch")) {
                return method.invoke(jobs, args);
              }
              watcher.set((JobQueue.Watcher) args[1]);
              return jobs.watch((JobId) args[0], () -> {});
            });
  }

  /** Records what it is told. */
  private static final class QuickListener implements Operations.Follower {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public void changed(Job job) {
      heard.add(job.state().name());
    }

    @Override
    public void ended(Job job, Outcome outcome) {
      heard.add("end");
    }

    @Override
    public boolean quick() {
      return true;
    }
  }

  @Test
  void aQuickListenerGetsTheLogsBeforeTheEnd() throws Exception {
    for (boolean early : new boolean[] {true, false}) {
      var heard = new LinkedBlockingQueue<String>();
      var watcher = new AtomicReference<JobQueue.Watcher>();
      JobQueue talking =
          (JobQueue)
              Proxy.newProxyInstance(
                  JobQueue.class.getClassLoader(),
                  new Class<?>[] {JobQueue.class},
                  (_, method, args) -> {
                    if (!method.getName().equals("watch")) {
                      return method.invoke(jobs, args);
                    }
                    watcher.set((JobQueue.Watcher) args[1]);
                    if (early) {
                      logAndEnd(watcher.get());
                    }
                    return jobs.watch((JobId) args[0], () -> {});
                  });
      var followers = new JobFollowers(talking, Duration.ofMinutes(5), timer, Clock.systemUTC());
      var listener =
          new Operations.Follower() {
            @Override
            public void changed(Job job) {}

            @Override
            public void ended(Job job, Outcome outcome) {
              heard.add("end");
            }

            @Override
            public void logged(JobLog log) {
              heard.add(log.data());
            }

            @Override
            public boolean quick() {
              return true;
            }
          };
      try (var _ = followers.follow(Caller.LOCAL, id, listener)) {
        if (!early) {
          logAndEnd(watcher.get());
        }
        for (String next : List.of("1", "2", "3", "end")) {
          assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(next);
        }
      }
    }
  }

  private void logAndEnd(JobQueue.Watcher watcher) {
    List.of("1", "2", "3").forEach(data -> watcher.logged(new JobLog("info", null, data)));
    end(watcher);
  }

  private void end(JobQueue.Watcher watcher) {
    watcher.ended(
        jobs.find(id).orElseThrow().ended(JobState.CANCELLED), new Outcome.Cancelled(null));
  }

  @Test
  void aListenerThatFailsIsToldTheNextTime() throws Exception {
    var followers = new JobFollowers(jobs, Duration.ofMinutes(5), timer, Clock.systemUTC());
    try (var _ =
        followers.follow(
            Caller.LOCAL,
            id,
            job -> {
              told.add(job.state());
              fail(calls);
            })) {
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(JobState.QUEUED);
      jobs.cancel(id);
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(JobState.CANCELLED);
    }
  }

  private JobQueue failing(boolean silent) {
    return (JobQueue)
        Proxy.newProxyInstance(
            JobQueue.class.getClassLoader(),
            new Class<?>[] {JobQueue.class},
            (_, method, args) -> {
              if (method.getName().equals("operation")) {
                fail(reads);
              }
              if (silent && method.getName().equals("watch")) {
                // As from a worker of another build, which tells no ends.
                JobQueue.Watcher told = (JobQueue.Watcher) args[1];
                return jobs.watch((JobId) args[0], () -> told.changed());
              }
              return method.invoke(jobs, args);
            });
  }

  private static void fail(AtomicInteger times) {
    switch (times.getAndIncrement()) {
      case 0 -> throw new CancellationException("closed");
      case 1 -> throw new IllegalStateException("stopped");
      case 2 -> throw new StackOverflowError("deep");
      default -> assertThat(times.get()).isPositive();
    }
  }
}
