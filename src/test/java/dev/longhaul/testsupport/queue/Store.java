package dev.longhaul.testsupport.queue;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.IdempotencyConflictException;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.redis.RedisQueueProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything the queue knows, under one lock: an operation happens as a whole or not at all, as a
 * script does in Redis.
 */
final class Store {
  final RedisQueueProperties.Queue rules;
  final ResultProperties results;
  final FlowProperties flowRules;
  final Lines lines;
  final Gates gates;
  final Leases leases;
  final StoredFlows flows;
  final Notifications notifications;
  final News news = new News();
  final Listing dead;

  private final Clock clock;
  private final Map<JobId, StoredJob> jobs = new HashMap<>();
  private final Map<String, Listing> ofOwners = new HashMap<>();
  private final Map<String, Named> keys = new HashMap<>();
  private final PriorityQueue<Expiry> expiries =
      new PriorityQueue<>(Comparator.comparing(Expiry::at));
  private final List<Runnable> afterwards = new ArrayList<>();

  /** What an idempotency key names. */
  private record Named(JobId id, String arguments) {}

  /** When a job may be forgotten, as far as was known then. */
  private record Expiry(JobId id, Instant at) {}

  Store(
      Clock clock,
      RedisQueueProperties.Queue rules,
      ResultProperties results,
      FlowProperties flowRules) {
    this.clock = clock;
    this.rules = rules;
    this.results = results;
    this.flowRules = flowRules;
    this.lines = new Lines(this);
    this.gates = new Gates(this);
    this.leases = new Leases(this);
    this.flows = new StoredFlows(this);
    this.notifications = new Notifications(this);
    this.dead = new Listing(this);
  }

  /** Does something as a whole; then whoever was woken by it looks. */
  <T> T locked(Supplier<T> operation) {
    List<Runnable> calls;
    try {
      synchronized (this) {
        forgetExpired();
        T result = operation.get();
        lines.serveWaiters();
        return result;
      }
    } finally {
      synchronized (this) {
        calls = List.copyOf(afterwards);
        afterwards.clear();
      }
      calls.forEach(Runnable::run);
    }
  }

  /** Runs something when the lock is given back. */
  void afterwards(Runnable call) {
    afterwards.add(call);
  }

  /** To the millisecond, as Redis counts. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  long millis() {
    return clock.millis();
  }

  Duration lease() {
    return rules.lease();
  }

  /** The list a job waits in: 0 (urgent) to 3 (low). */
  int band(JobRequest request) {
    int band = 0;
    while (band < rules.bands().size() && request.priority().value() < rules.bands().get(band)) {
      band++;
    }
    return band;
  }

  @Nullable StoredJob find(JobId id) {
    return jobs.get(id);
  }

  JobId newId() {
    return JobId.create(millis(), 0);
  }

  /** Stores a job, and does not put it anywhere yet. */
  StoredJob create(JobId id, JobRequest request, @Nullable JobId replayOf) {
    var job = new StoredJob(id, request, band(request), now(), replayOf);
    jobs.put(id, job);
    return job;
  }

  /** From now on its owner finds it in listings. */
  void list(StoredJob job) {
    ofOwner(job.request.owner()).add(job.id);
  }

  Listing ofOwner(String owner) {
    return ofOwners.computeIfAbsent(owner, _ -> new Listing(this));
  }

  /**
   * What a key names, if that is still known.
   *
   * @throws IdempotencyConflictException when it was used with other arguments
   */
  @Nullable JobId named(IdempotencyKey key) {
    Named named = keys.get(key.digest());
    if (named == null || !(jobs.containsKey(named.id()) || flows.keepsItsKey(named.id()))) {
      return null;
    }
    if (!named.arguments().equals(key.arguments())) {
      throw new IdempotencyConflictException(named.id());
    }
    return named.id();
  }

  void name(IdempotencyKey key, JobId id) {
    keys.put(key.digest(), new Named(id, key.arguments()));
  }

  /** The job that has a key, or null. */
  @Nullable JobId keyed(String digest) {
    Named named = keys.get(digest);
    return named != null && jobs.containsKey(named.id()) ? named.id() : null;
  }

  void unname(@Nullable IdempotencyKey key, JobId id) {
    if (key != null) {
      keys.computeIfPresent(key.digest(), (_, named) -> named.id().equals(id) ? null : named);
    }
  }

  /** Tells those who watch it. */
  void changed(StoredJob job) {
    news.changed(job.id);
  }

  void end(StoredJob job, Outcome outcome, @Nullable JobError error) {
    end(job, outcome, error, false);
  }

  /** A cancelled job's tool keeps lease and slot until it has stopped. */
  void cancel(StoredJob job) {
    boolean running = job.running();
    lines.remove(job);
    end(job, new Outcome.Cancelled(null), null, running);
    if (running) {
      news.cancelled(job.id);
    }
  }

  private void end(StoredJob job, Outcome outcome, @Nullable JobError error, boolean keepsLease) {
    gates.remove(job);
    job.questions.clear();
    if (!keepsLease) {
      leases.drop(job);
    }
    Instant now = now();
    job.state = outcome.state();
    job.outcome = outcome;
    job.finishedAt = now;
    job.updatedAt = now;
    if (error != null) {
      job.error = error;
    }
    if (job.state == JobState.COMPLETED) {
      job.message = null;
    }
    remember(job, now, Sizes.of(outcome));
    if (job.state == JobState.DEAD) {
      dead.add(job.id);
    }
    changed(job);
    notifications.ended(job);
    flows.ended(job);
  }

  // An announced time is kept, except that a large result may shorten it.
  private void remember(StoredJob job, Instant now, long size) {
    Duration result = results.ttlOf(size);
    Duration status = results.statusTtl();
    if (job.state == JobState.DEAD) {
      result = longer(result, results.deadTtl());
      status = longer(status, results.deadTtl());
    }
    if (job.announcedTtl != null) {
      if (result.compareTo(results.ttl()) < 0) {
        job.announcedTtl = Duration.between(job.createdAt, now).plus(result);
      } else {
        result = longer(result, Duration.between(now, job.createdAt.plus(job.announcedTtl)));
      }
    }
    job.outcomeUntil = now.plus(result);
    keepUntil(job, now.plus(longer(status, result)));
  }

  void keepUntil(StoredJob job, Instant until) {
    job.expiresAt = until;
    expiries.add(new Expiry(job.id, until));
  }

  static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** Forgets a job and whatever it waits in. */
  void forget(StoredJob job) {
    lines.remove(job);
    jobs.remove(job.id);
    unname(job.request.idempotency(), job.id);
  }

  private void forgetExpired() {
    Instant now = now();
    while (!expiries.isEmpty() && !expiries.element().at().isAfter(now)) {
      StoredJob job = jobs.get(expiries.remove().id());
      if (job != null && job.expiresAt != null && !job.expiresAt.isAfter(now)) {
        forget(job);
      }
    }
    flows.forgetExpired(now);
  }
}
