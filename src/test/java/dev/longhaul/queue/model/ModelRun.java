package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.queue.model.ModelJob.Place;
import dev.longhaul.queue.redis.RedisQueueFixture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A random run: every answer of the queue is compared with the model's, and at intervals the whole
 * content of Redis. A seed repeats a run, except for the winners of races.
 */
final class ModelRun implements AutoCloseable {
  static final List<String> QUEUES = List.of("default", "bulk");
  private static final int LOOK_EVERY = 50;
  private static final int REMEMBERED = 40;
  private static final int ZOMBIES = 300;

  final Random random;
  final JobQueue jobs;
  final QueueAdmin admin;
  final List<WorkQueue> workers;
  final List<WorkQueue.Waiter> waiters;
  final RedisQueueFixture redis;
  final Race race = new Race();
  QueueModel model = new QueueModel();

  private final long seed;
  private final Deque<String> trace = new ArrayDeque<>();
  private final Map<String, Integer> counts = new HashMap<>();
  // Including invalid ones, which are used as by zombie workers.
  private final List<Claim> claims = new ArrayList<>();
  private final Failover failover;
  private @Nullable QueueModel replica;
  private int made;
  int operation;

  ModelRun(RedisQueueFixture redis, long seed) {
    this.redis = redis;
    this.seed = seed;
    random = new Random(seed);
    jobs = redis.jobs(1_000_000);
    admin = redis.admin();
    workers = List.of(redis.work(), redis.otherWork());
    waiters = workers.stream().map(WorkQueue::newWaiter).toList();
    failover = new Failover(redis.commands(), redis.tag());
  }

  /** Runs that many operations, drains the queue, and returns the count of each operation. */
  Map<String, Integer> run(int operations) {
    try {
      Operations all = new Operations(this);
      worker()
          .reap(
              1); // whoever looks for the first time, or after a failover to then, takes none back
      for (operation = 1; operation <= operations; operation++) {
        all.next();
        if (operation % LOOK_EVERY == 0) {
          look();
        }
      }
      new Drain(this).run();
      return counts;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          """
          The queue and its model differ: %s
          Seed %d, operation %d; again with -Dlonghaul.chaos.seed=%d
          The last operations:
            %s
          """
              .formatted(e.getMessage(), seed, operation, seed, String.join("\n  ", trace)),
          e);
    }
  }

  void look() {
    model.compare(RedisView.read(redis.commands(), redis.tag()));
    List<String> wrong = redis.miscounts();
    check(wrong.isEmpty(), "miscounted: %s", wrong);
  }

  void did(String name, @Nullable Object... details) {
    counts.merge(name, 1, Integer::sum);
    StringBuilder line = new StringBuilder(operation + " " + name);
    for (Object detail : details) {
      line.append(' ').append(detail);
    }
    trace.addLast(line.toString());
    if (trace.size() > REMEMBERED) {
      trace.removeFirst();
    }
  }

  int newNumber() {
    return ++made;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  WorkQueue worker() {
    return pick(workers);
  }

  /** A random claim, often with a token that is no longer valid; null if there was none yet. */
  @Nullable Claim anyClaim() {
    if (claims.isEmpty()) {
      return null;
    }
    int newest = Math.min(claims.size(), 20);
    return chance(0.7) ? claims.get(claims.size() - 1 - random.nextInt(newest)) : pick(claims);
  }

  /** Random claims of different jobs. */
  List<Claim> someClaims(int most) {
    Map<JobId, Claim> some = new HashMap<>();
    for (int i = 0; i < most; i++) {
      Claim claim = anyClaim();
      if (claim != null) {
        some.putIfAbsent(claim.id(), claim);
      }
    }
    // Sorted, because the order of a hash map would differ from run to run.
    return some.values().stream()
        .sorted(
            Comparator.comparingInt((Claim claim) -> model.get(claim.id()).number)
                .thenComparing(Claim::id))
        .toList();
  }

  /** Makes a step and compares its whole answer. */
  void step(List<Completion> completions, List<String> queues, int wanted, boolean replyLost) {
    List<Boolean> expected = completions.stream().map(c -> model.get(c.id()).complete(c)).toList();
    StepAnswer answer = join(worker().step(completions, queues, wanted));
    check(
        answer.accepted().equals(expected),
        "of the completions %s are accepted, not %s",
        answer.accepted(),
        expected);
    took(answer, queues, wanted, replyLost);
  }

  /** Adds a step's claims to the model. */
  void took(StepAnswer answer, List<String> queues, int wanted, boolean replyLost) {
    if (wanted == 0) {
      check(answer.claims().isEmpty(), "a step that wanted nothing claimed");
      return;
    }
    model.promote();
    int most = Math.min(wanted, model.claimable(queues));
    int least = Math.min(wanted, model.unlimited(queues));
    check(
        answer.claims().size() >= least && answer.claims().size() <= most,
        "claimed %d of %d wanted, but it should be %d to %d",
        answer.claims().size(),
        wanted,
        least,
        most);
    check(answer.vanished() == 0, "%d jobs have vanished", answer.vanished());
    model.turns.claimed(answer.claims(), model);
    model.claimed(answer.claims(), queues);
    check(
        answer.more() || model.unlimited(queues) == 0,
        "a step said that nothing waits while %d do",
        model.unlimited(queues));
    check(
        answer.nextDue() != null || model.at(Place.SCHEDULED).isEmpty(),
        "next due is unknown while %d are scheduled",
        model.at(Place.SCHEDULED).size());
    if (!replyLost) {
      answer.claims().forEach(this::keep);
    }
  }

  void keep(Claim claim) {
    claims.add(claim);
    if (claims.size() > ZOMBIES) {
      claims.remove(random.nextInt(ZOMBIES / 2));
    }
  }

  /** Begins or ends a period whose writes are lost. */
  void failOver() {
    QueueModel behind = replica;
    if (behind == null) {
      failover.replicate();
      replica = model.copy();
      did("replicate");
    } else {
      failover.promote();
      model = behind;
      replica = null;
      did("fail over");
    }
  }

  static <T> T join(java.util.concurrent.CompletableFuture<T> answer) {
    try {
      return answer.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  static final Duration LATER = Duration.ofHours(1);

  @Override
  public void close() {
    race.close();
    failover.close();
  }
}
