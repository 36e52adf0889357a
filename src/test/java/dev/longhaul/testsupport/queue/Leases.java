package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which jobs workers hold, and until when. */
final class Leases {
  private final Store store;
  private final Map<JobId, Instant> leases = new LinkedHashMap<>();

  Leases(Store store) {
    this.store = store;
  }

  boolean has(JobId id) {
    return leases.containsKey(id);
  }

  int count() {
    return leases.size();
  }

  /** Grants or prolongs. */
  void grant(JobId id) {
    leases.put(id, store.now().plus(store.lease()));
  }

  /** Gives up a job's lease, and with it its slot: whoever waits for the slot goes on. */
  void drop(StoredJob job) {
    leases.remove(job.id);
    if (job.request.limits().concurrency() != null || job.probe) {
      store.gates.leave(job);
    }
  }

  /** As if the time of all of them had passed. */
  void expireAll() {
    leases.replaceAll((_, _) -> Instant.EPOCH);
  }

  /** Everybody gets one more, except those of whom a test has said that they are lost. */
  void extendAll() {
    Instant end = store.now().plus(store.lease());
    leases.replaceAll((_, until) -> until.equals(Instant.EPOCH) ? until : end);
  }

  List<JobId> expired(int limit) {
    Instant now = store.now();
    return leases.entrySet().stream()
        .filter(lease -> !lease.getValue().isAfter(now))
        .map(Map.Entry::getKey)
        .limit(limit)
        .toList();
  }

  /** How long until the first of them ends. */
  Optional<Duration> nextExpiry() {
    Instant now = store.now();
    return leases.values().stream()
        .min(Instant::compareTo)
        .map(end -> end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO);
  }
}
