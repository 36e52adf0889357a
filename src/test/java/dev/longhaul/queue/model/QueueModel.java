package dev.longhaul.queue.model;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.model.ModelJob.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The expected state of all jobs, compared with {@link RedisView}. */
final class QueueModel {
  /** The number of slots of each limited tool. */
  static final Map<String, Integer> SLOTS = Map.of("one", 1, "three", 3);

  private final Map<JobId, ModelJob> jobs = new LinkedHashMap<>();
  final Set<String> paused = new HashSet<>();
  final Set<String> draining = new HashSet<>();
  ModelGates gates = new ModelGates();
  ModelTurns turns = new ModelTurns();

  /** The job stored under an idempotency key. */
  record Keyed(JobId id, String arguments) {}

  final Map<String, Keyed> keys = new HashMap<>();

  QueueModel copy() {
    QueueModel copy = new QueueModel();
    jobs.forEach((id, job) -> copy.jobs.put(id, job.copy()));
    copy.paused.addAll(paused);
    copy.draining.addAll(draining);
    copy.gates = gates.copy();
    copy.turns = turns.copy();
    copy.keys.putAll(keys);
    return copy;
  }

  void add(ModelJob job) {
    if (jobs.put(job.id, job) != null) {
      throw new AssertionError("the id " + job.id + " was given twice");
    }
  }

  /** The job with this id. An unknown id, as after a failover, gives a job that is gone. */
  ModelJob get(JobId id) {
    ModelJob job = jobs.get(id);
    return job != null ? job : new ModelJob(-1, id, null);
  }

  void drop(ModelJob job) {
    jobs.remove(job.id);
  }

  Collection<ModelJob> all() {
    return jobs.values();
  }

  List<ModelJob> where(Predicate<ModelJob> condition) {
    return jobs.values().stream().filter(condition).toList();
  }

  List<ModelJob> at(Place place) {
    return where(job -> job.place == place);
  }

  /** The job of an idempotency key, if it still exists. */
  @Nullable Keyed keyed(@Nullable IdempotencyKey key) {
    Keyed known = key == null ? null : keys.get(key.digest());
    return known == null || get(known.id()).place == Place.GONE ? null : known;
  }

  private boolean open(String queue) {
    return !paused.contains(queue);
  }

  /** The number of jobs that could be claimed if all free slots were used. */
  int claimable(Collection<String> queues) {
    int all = waiting(queues);
    for (String tool : SLOTS.keySet()) {
      int limited = where(job -> waits(job, queues) && job.limited().equals(tool)).size();
      all -= Math.max(0, limited - freeSlots(tool));
    }
    return all;
  }

  /** The number of jobs that must be claimable, because no gate holds them back. */
  int unlimited(Collection<String> queues) {
    return where(job -> waits(job, queues) && job.limited().isEmpty()).size();
  }

  int waiting(Collection<String> queues) {
    return where(job -> waits(job, queues)).size();
  }

  private boolean waits(ModelJob job, Collection<String> queues) {
    return job.place == Place.LINE && queues.contains(job.queue) && open(job.queue);
  }

  private int freeSlots(String tool) {
    int used = where(job -> job.leased && job.limited().equals(tool)).size();
    int slots = SLOTS.getOrDefault(tool, 0);
    check(used <= slots, "%d jobs of %s hold %d slots", used, tool, slots);
    return slots - used;
  }

  /** Queues the scheduled jobs that are due, as a step with claims does first. */
  void promote() {
    where(job -> job.place == Place.SCHEDULED && job.due).forEach(job -> job.place = Place.LINE);
  }

  /** Records the claims of a step, and checks that these jobs could be claimed. */
  void claimed(List<Claim> claims, Collection<String> queues) {
    Set<JobId> seen = new HashSet<>();
    for (Claim claim : claims) {
      ModelJob job = get(claim.id());
      LeaseToken token = claim.token();
      check(seen.add(claim.id()), "%s was claimed twice in one step", job);
      check(job.place == Place.LINE, "%s was claimed though it does not wait", job);
      check(
          queues.contains(job.queue) && open(job.queue), "%s was claimed from %s", job, job.queue);
      check(token.fence() == job.fence + 1, "%s was claimed with fence %d", job, token.fence());
      check(
          claim.attempt() == job.attempts + 1,
          "%s was claimed as attempt %d",
          job,
          claim.attempt());
      gates.claimed(claim, job, !where(other -> other.probing).isEmpty());
      job.claim(token, claim.probe());
    }
    SLOTS.keySet().forEach(this::freeSlots);
  }

  /** Compares the model with the whole content of Redis. */
  void compare(RedisView redis) {
    Map<String, List<String>> places = new HashMap<>();
    for (RedisView.Entry entry : redis.all()) {
      if (ModelLines.hasJobs(entry.name())) {
        compareLine(entry, redis, places);
      }
    }
    new ModelLines(redis).check();
    redis.values("z").forEach(id -> put(places, id, "SCHEDULED"));
    redis.values("l").forEach(id -> put(places, id, "LEASE"));
    redis.values("h").forEach(id -> put(places, id, "HELD"));
    Set<String> leased = Set.copyOf(redis.values("l"));
    Set<String> entries = Set.copyOf(redis.values("cl"));
    check(leased.equals(entries), "claims are %s and leases %s", entries, leased);
    Set<String> bounded = Set.copyOf(redis.values("dz"));
    for (ModelJob job : jobs.values()) {
      boolean found = bounded.contains(job.id.value());
      check(found == job.bounded(), "that a deadline bounds %s is %s", job, found);
    }
    for (String tool : SLOTS.keySet()) {
      Set<String> slots = new HashSet<>(redis.values("g:t:" + tool + ":s"));
      Set<String> holders = new HashSet<>();
      where(job -> job.leased && job.limited().equals(tool))
          .forEach(job -> holders.add(job.id.value()));
      check(slots.equals(holders), "the slots of %s are %s, not %s", tool, slots, holders);
    }
    for (ModelJob job : jobs.values()) {
      compare(job, redis.values("j:" + job.id), places.getOrDefault(job.id.value(), List.of()));
    }
    Set<String> known = new HashSet<>();
    jobs.values().stream()
        .filter(job -> job.place != Place.GONE)
        .forEach(job -> known.add("j:" + job.id));
    for (RedisView.Entry entry : redis.all()) {
      if (entry.name().startsWith("j:")) {
        check(known.contains(entry.name()), "there is a job nobody knows: %s", entry.name());
        ModelJob job = get(new JobId(entry.name().substring(2)));
        check(job.live() == (entry.ttl() < 0), "%s lives %d ms", job, entry.ttl());
      }
    }
  }

  private void compareLine(
      RedisView.Entry line, RedisView redis, Map<String, List<String>> places) {
    boolean gate = ModelLines.atGate(line.name());
    String name = ModelLines.place(line.name());
    for (String entry : line.values()) {
      String id = entry.split(" ", 2)[0]; // followed by the gate that released it
      ModelJob job = get(new JobId(id));
      put(places, id, "LINE");
      if (job.place == Place.LINE) {
        check(name.equals(gate ? "t:" + job.limited() : job.queue), "%s waits in %s", job, name);
        check(
            gate || !open(name) || redis.has("q:" + name + ":w"),
            "%s waits in %s and there is no token that wakes a worker",
            job,
            name);
      }
    }
  }

  private static void compare(ModelJob job, List<String> hash, List<String> places) {
    if (job.place == Place.GONE) {
      check(hash.isEmpty(), "%s still has a hash", job);
      return;
    }
    check(!hash.isEmpty(), "%s is lost", job);
    check(hash.get(0).equals(job.state().wire()), "%s is stored as %s", job, hash.get(0));
    check(hash.get(1).equals(Long.toString(job.fence)), "%s is stored as %s", job, hash);
    check(
        hash.get(2).equals(job.holder == null ? "" : job.holder.nonce()),
        "%s is stored as %s",
        job,
        hash);
    check(hash.get(3).equals(Integer.toString(job.attempts)), "%s is stored as %s", job, hash);
    // An ended job may be in a list until a claim skips it, but never runs again.
    List<String> expected =
        switch (job.place) {
          case LINE -> List.of("LINE");
          case SCHEDULED -> List.of("SCHEDULED");
          case OFFERED, RUNNING -> List.of("LEASE");
          case ENDED -> job.leased ? List.of("LEASE") : List.of();
          case HELD -> List.of("HELD");
          case GONE -> List.of();
        };
    List<String> found = new ArrayList<>(places);
    if (job.place == Place.ENDED) {
      found.removeIf(place -> place.equals("LINE"));
    }
    check(found.equals(expected), "%s should be in %s and is in %s", job, expected, found);
  }

  private static void put(Map<String, List<String>> places, String id, String place) {
    places.computeIfAbsent(id, _ -> new ArrayList<>()).add(place);
  }

  // Error Prone's @FormatMethod would need a dependency for this method alone.
  @SuppressWarnings("AnnotateFormatMethod")
  static void check(boolean condition, String message, @Nullable Object... values) {
    if (!condition) {
      throw new AssertionError(message.formatted(values));
    }
  }
}
