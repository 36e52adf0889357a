package dev.longhaul.worker;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.LeaseToken;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The jobs this process holds. */
final class RunningJobs {
  private final Map<JobId, RunningJob> jobs = new ConcurrentHashMap<>();

  void add(RunningJob job) {
    jobs.put(job.id(), job);
  }

  // Only if it is still this claim: the job may have come back to the same process meanwhile.
  void remove(RunningJob job) {
    jobs.remove(job.id(), job);
  }

  Optional<RunningJob> find(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  Collection<RunningJob> all() {
    return List.copyOf(jobs.values());
  }

  int count() {
    return jobs.size();
  }

  Map<JobId, LeaseToken> leases() {
    Map<JobId, LeaseToken> leases = new HashMap<>();
    jobs.values().forEach(job -> leases.put(job.id(), job.claim().token()));
    return leases;
  }
}
