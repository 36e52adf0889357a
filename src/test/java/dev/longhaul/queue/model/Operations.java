package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.ModelRun.join;
import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.WorkQueue.ReapAnswer;
import dev.longhaul.queue.WorkQueue.RenewAnswer;
import dev.longhaul.queue.model.ModelJob.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The random operations on a queue, each with a weight. */
final class Operations {
  /** An operation. It is not counted if it finds nothing to do. */
  private record Weighted(int weight, Runnable operation) {}

  private final ModelRun run;
  final Producers producers;
  private final Races races;
  private final List<Weighted> all;
  private final int total;
  private List<Completion> lastCompletions = List.of();

  Operations(ModelRun run) {
    this.run = run;
    producers = new Producers(run);
    this.races = new Races(run, this);
    all =
        List.of(
            new Weighted(16, producers::enqueue),
            new Weighted(10, producers::submit),
            new Weighted(30, this::step),
            new Weighted(6, this::sayAgain),
            new Weighted(20, this::start),
            new Weighted(8, this::renew),
            new Weighted(5, this::expire),
            new Weighted(5, this::reap),
            new Weighted(4, this::makeDue),
            new Weighted(2, this::deadlinesPass),
            new Weighted(5, producers::cancel),
            new Weighted(2, producers::delete),
            new Weighted(3, this::attach),
            new Weighted(3, this::progress),
            new Weighted(2, producers::detach),
            new Weighted(6, producers::read),
            new Weighted(4, producers::forget),
            new Weighted(2, this::claimWhenReady),
            new Weighted(1, this::failOver),
            new Weighted(3, producers::enqueueAgain),
            new Weighted(3, producers::release),
            new Weighted(2, producers::pauseOrResume),
            new Weighted(1, producers::drainOrResume),
            new Weighted(3, producers::replay),
            new Weighted(1, producers::drop),
            new Weighted(3, this::timePasses),
            new Weighted(2, this::breaker),
            new Weighted(8, races::onOneJob),
            new Weighted(3, races::forClaims));
    total = all.stream().mapToInt(Weighted::weight).sum();
  }

  void next() {
    int at = run.random.nextInt(total);
    for (Weighted weighted : all) {
      at -= weighted.weight();
      if (at < 0) {
        weighted.operation().run();
        return;
      }
    }
  }

  private void step() {
    List<Completion> completions = new ArrayList<>();
    for (int i = run.random.nextInt(4); i > 0; i--) {
      Claim claim = run.anyClaim();
      if (claim != null) {
        completions.add(completion(claim));
      }
    }
    boolean replyLost = run.chance(0.1);
    List<String> queues = run.chance(0.7) ? ModelRun.QUEUES : List.of(run.pick(ModelRun.QUEUES));
    int wanted = run.random.nextInt(6);
    run.did("step", named(completions), "claim " + wanted, queues, replyLost ? "reply lost" : "");
    run.step(completions, queues, wanted, replyLost);
    lastCompletions = completions;
  }

  /** Repeats the last completions, as a worker does after a lost reply. */
  private void sayAgain() {
    run.did("say again", named(lastCompletions));
    run.step(lastCompletions, ModelRun.QUEUES, 0, false);
  }

  Completion completion(Claim claim) {
    return switch (run.random.nextInt(8)) {
      case 0 ->
          new Completion.Retry(
              claim.id(), claim.token(), ModelRun.LATER, JobError.timeout(run.operation));
      case 1 ->
          new Completion.GivenBack(
              claim.id(), claim.token(), run.chance(0.5) ? Duration.ZERO : ModelRun.LATER);
      default -> new Completion.Finished(claim.id(), claim.token(), outcome());
    };
  }

  private Outcome outcome() {
    // Different each time, so that a second outcome cannot be mistaken for the first.
    long n = run.random.nextLong();
    return switch (run.random.nextInt(6)) {
      case 0 -> new Outcome.Refused(-32602, "refused " + n, null);
      case 1 -> new Outcome.Failed(JobError.timeout(n), new Partial("[" + n + "]", 1L, 2L));
      case 2 -> new Outcome.GivenUp(new JobError("X", "x", "gave up " + n, ""), null);
      default -> new Outcome.Answered("{\"n\":" + n + "}", run.chance(0.1));
    };
  }

  private void start() {
    List<Claim> some = run.someClaims(4);
    Set<JobId> expected = new HashSet<>();
    for (Claim claim : some) {
      if (run.model.get(claim.id()).start(claim.token())) {
        expected.add(claim.id());
      }
    }
    run.did("start", names(some));
    Set<JobId> started = join(run.worker().start(some));
    check(started.equals(expected), "started %s, not %s", started, expected);
  }

  private void renew() {
    Map<JobId, LeaseToken> leases = new HashMap<>();
    Set<JobId> lost = new HashSet<>();
    Set<JobId> cancelled = new HashSet<>();
    List<Claim> some = run.someClaims(6);
    for (Claim claim : some) {
      leases.put(claim.id(), claim.token());
      switch (run.model.get(claim.id()).renew(claim.token())) {
        case LOST -> lost.add(claim.id());
        case CANCELLED -> cancelled.add(claim.id());
        case PROLONGED -> {}
      }
    }
    run.did("renew", names(some));
    RenewAnswer answer = run.worker().renew(leases);
    check(answer.lost().equals(lost), "lost are %s, not %s", answer.lost(), lost);
    check(
        answer.cancelled().equals(cancelled),
        "cancelled are %s, not %s",
        answer.cancelled(),
        cancelled);
  }

  private void expire() {
    double share = run.chance(0.2) ? 1 : 0.2;
    run.did("expire", share);
    run.model.where(job -> job.leased).stream()
        .filter(_ -> run.chance(share))
        .forEach(this::expire);
  }

  void expire(ModelJob job) {
    run.redis.commands().zadd(run.redis.tag() + ":l", 1, job.id.value());
    job.expired = true;
  }

  private void reap() {
    int limit = run.pick(List.of(1, 3, 200));
    run.did("reap", limit);
    reap(limit);
  }

  /** Reaps expired leases, in the order of ids, because all expired at the same time. */
  void reap(int limit) {
    List<JobId> requeued = new ArrayList<>();
    List<JobId> ended = new ArrayList<>();
    List<JobId> closed = new ArrayList<>();
    run.model.where(job -> job.overdue).stream()
        .sorted(Comparator.comparing(job -> job.id))
        .limit(limit)
        .forEach(job -> {
          job.exceed();
          closed.add(job.id);
        });
    run.model.where(job -> job.expired).stream()
        .sorted(Comparator.comparing(job -> job.id))
        .limit(limit)
        .forEach(job -> {
          switch (job.reap()) {
            case REQUEUED -> requeued.add(job.id);
            case ENDED -> ended.add(job.id);
            case NOTHING -> {}
          }
        });
    ReapAnswer answer = run.worker().reap(limit);
    check(
        List.copyOf(answer.requeued()).equals(requeued),
        "requeued are %s, not %s",
        answer.requeued(),
        requeued);
    check(List.copyOf(answer.ended()).equals(ended), "ended are %s, not %s", answer.ended(), ended);
    check(
        List.copyOf(answer.closed()).equals(closed),
        "closed are %s, not %s",
        answer.closed(),
        closed);
    boolean next = !run.model.where(job -> job.leased || job.bounded()).isEmpty();
    check(next == (answer.nextExpiry() != null), "next expiry %s", answer.nextExpiry());
  }

  private void makeDue() {
    run.did("make due");
    run.model.at(Place.SCHEDULED).stream().filter(_ -> run.chance(0.5)).forEach(this::makeDue);
  }

  void makeDue(ModelJob job) {
    run.redis.commands().zadd(run.redis.tag() + ":z", 1, job.id.value());
    job.due = true;
  }

  private void deadlinesPass() {
    run.did("deadlines pass");
    run.model.where(ModelJob::bounded).stream()
        .filter(_ -> run.chance(0.3))
        .forEach(job -> {
          run.redis.commands().zadd(run.redis.tag() + ":dz", 1, job.id.value());
          job.overdue = true;
        });
  }

  private void attach() {
    Claim claim = run.anyClaim();
    if (claim != null) {
      Partial partial =
          run.chance(0.5) ? new Partial("[" + run.random.nextInt() + "]", 1L, null) : null;
      run.did("attach", run.model.get(claim.id()));
      boolean expected = run.model.get(claim.id()).attach(claim.token(), partial);
      boolean answer = join(run.worker().attachPartial(claim.id(), claim.token(), partial));
      check(answer == expected, "attaching answered %s", answer);
    }
  }

  private void progress() {
    Claim claim = run.anyClaim();
    if (claim != null) {
      run.did("progress", run.model.get(claim.id()));
      boolean expected = run.model.get(claim.id()).progress(claim.token());
      Progress progress = new Progress(run.random.nextDouble(), "m");
      boolean answer = join(run.worker().progress(claim.id(), claim.token(), progress));
      check(answer == expected, "progress answered %s", answer);
    }
  }

  private void claimWhenReady() {
    // Wait only for a very short time, in case there is no job.
    int wanted = 1 + run.random.nextInt(3);
    run.did("claim when ready", wanted);
    var answer =
        join(run.pick(run.waiters).claimWhenReady(ModelRun.QUEUES, wanted, Duration.ofMillis(10)));
    run.took(answer, ModelRun.QUEUES, wanted, false);
  }

  private void timePasses() {
    run.did("time passes");
    pass();
  }

  void pass() {
    run.redis.timePasses();
    run.model.gates.timePasses();
  }

  private void breaker() {
    if (run.chance(0.6)) {
      closeBreaker();
      return;
    }
    run.did("open breaker");
    boolean expected = run.model.gates.open();
    boolean answer = join(run.worker().openBreaker(ModelGates.SHAKY, ModelRun.LATER));
    check(answer == expected, "the breaker answered %s", answer);
  }

  void closeBreaker() {
    run.did("close breaker");
    boolean expected = run.model.gates.close();
    run.model.all().forEach(job -> job.probing = false);
    boolean answer = join(run.worker().closeBreaker(ModelGates.SHAKY));
    check(answer == expected, "the breaker answered %s", answer);
  }

  private void failOver() {
    run.failOver();
  }

  private List<String> names(List<Claim> claims) {
    return claims.stream().map(claim -> run.model.get(claim.id()).toString()).toList();
  }

  private List<String> named(List<Completion> completions) {
    return completions.stream()
        .map(c ->
            c.getClass().getSimpleName()
                + " "
                + run.model.get(c.id())
                + " with f"
                + c.token().fence())
        .toList();
  }
}
