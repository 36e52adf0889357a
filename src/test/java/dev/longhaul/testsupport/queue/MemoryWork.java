package dev.longhaul.testsupport.queue;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.AskedQuestion;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.WorkQueue;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The workers' side of the queue in memory. */
final class MemoryWork implements WorkQueue {
  private final Store store;
  private final Claims claims;
  private final Upkeep upkeep;
  private final RunTimesTable times;

  MemoryWork(Store store, Claims claims, Upkeep upkeep, RunTimesTable times) {
    this.store = store;
    this.claims = claims;
    this.upkeep = upkeep;
    this.times = times;
  }

  private <T> CompletableFuture<T> done(Supplier<T> operation) {
    return completedFuture(store.locked(operation));
  }

  @Override
  public CompletableFuture<StepAnswer> step(
      List<Completion> completions, List<String> queues, int most) {
    return done(() -> claims.step(completions, queues, most));
  }

  @Override
  public Waiter newWaiter() {
    return new MemoryWaiter(store, claims);
  }

  @Override
  public CompletableFuture<Set<JobId>> start(List<Claim> offered) {
    return done(() -> {
      Set<JobId> started = new HashSet<>();
      for (Claim claim : offered) {
        StoredJob job = store.find(claim.id());
        if (job != null && job.heldBy(claim.token()) && start(job)) {
          started.add(job.id);
        }
      }
      return started;
    });
  }

  private boolean start(StoredJob job) {
    if (job.state == JobState.QUEUED) {
      job.state = JobState.RUNNING;
      job.attempts++;
      job.startedAt = store.now();
      job.updatedAt = store.now();
      store.changed(job);
      return true;
    }
    if (job.state == JobState.RUNNING) {
      return true;
    }
    store.leases.drop(job);
    return false;
  }

  @Override
  public RenewAnswer renew(Map<JobId, LeaseToken> leases) {
    return store.locked(() -> {
      Set<JobId> lost = new HashSet<>();
      Set<JobId> cancelled = new HashSet<>();
      leases.forEach((id, token) -> {
        StoredJob job = store.find(id);
        if (job == null || !job.heldBy(token)) {
          lost.add(id);
        } else if (job.state == JobState.CANCELLED) {
          cancelled.add(id);
        } else if (job.ended()) {
          lost.add(id);
        } else {
          store.leases.grant(id);
        }
      });
      return new RenewAnswer(lost, cancelled);
    });
  }

  @Override
  public CompletableFuture<Boolean> progress(JobId id, LeaseToken token, Progress progress) {
    return done(() -> {
      StoredJob job = store.find(id);
      if (job == null || !job.running() || !job.heldBy(token)) {
        return false;
      }
      // Never back: a later attempt is heard again only where it gets further.
      if (progress.fraction() != null
          && (job.fraction == null || job.fraction < progress.fraction())) {
        job.fraction = progress.fraction();
      }
      boolean blank = progress.message() == null || progress.message().isEmpty();
      job.message = blank ? null : progress.message();
      job.updatedAt = store.now();
      store.changed(job);
      return true;
    });
  }

  @Override
  public CompletableFuture<List<AskedQuestion>> questions(JobId id) {
    return done(() -> StoredQuestions.of(store, id));
  }

  @Override
  public CompletableFuture<Boolean> ask(
      JobId id, LeaseToken token, List<AskedQuestion> questions, boolean first) {
    return done(() -> StoredQuestions.ask(store, id, token, questions, first));
  }

  @Override
  public CompletableFuture<Integer> answer(JobId id, Map<String, String> answers) {
    return done(() -> StoredQuestions.answer(store, id, answers));
  }

  @Override
  public Watch onAnswer(Consumer<JobId> listener) {
    return store.news.onAnswer(listener);
  }

  @Override
  public Watch onCancel(Consumer<JobId> listener) {
    return store.news.onCancel(listener);
  }

  @Override
  public CompletableFuture<Boolean> log(JobId id, JobLog log) {
    return done(() -> store.find(id) != null && store.news.logged(id, log));
  }

  @Override
  public CompletableFuture<Boolean> attachPartial(
      JobId id, LeaseToken token, @Nullable Partial partial) {
    return done(() -> {
      StoredJob job = store.find(id);
      if (job == null || job.state != JobState.CANCELLED || !job.heldBy(token)) {
        return false;
      }
      store.leases.drop(job);
      job.nonce = "";
      if (partial != null) {
        job.outcome = new Outcome.Cancelled(partial);
      }
      store.changed(job);
      return true;
    });
  }

  @Override
  public CompletableFuture<Long> recordTimes(String tool, long count, long millis) {
    return done(() -> times.add(tool, count, millis));
  }

  @Override
  public CompletableFuture<Boolean> openBreaker(String tool, Duration time) {
    return done(() -> store.gates.openBreaker(tool, store.millis() + Math.max(1, time.toMillis())));
  }

  @Override
  public CompletableFuture<Boolean> closeBreaker(String tool) {
    return done(() -> store.gates.closeBreaker(tool));
  }

  @Override
  public ReapAnswer reap(int limit) {
    return store.locked(() -> upkeep.reap(limit));
  }

  /** Does nothing: with the process that had leases the queue is gone too. */
  @Override
  public ReapAnswer reapAfterRestart() {
    return new ReapAnswer(List.of(), List.of(), List.of(), null);
  }

  @Override
  public Duration lease() {
    return store.lease();
  }
}
