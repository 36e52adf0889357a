package dev.longhaul.worker;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.LeaseToken;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The claimed jobs of this process. */
final class RunningJobs {
  private final Map<JobId, RunningJob> jobs = new ConcurrentHashMap<>();

  // Including earlier claims of the same job: a lost job may be claimed again by this process while
  // its tool is still running.
  private final Set<RunningJob> running = ConcurrentHashMap.newKeySet();

  void add(RunningJob job) {
    running.add(job);
    jobs.put(job.id(), job);
  }

  // Only if it is still this claim: the job may have been claimed again meanwhile.
  void remove(RunningJob job) {
    jobs.remove(job.id(), job);
    running.remove(job);
  }

  /** Whether its thread has not yet ended. */
  boolean has(RunningJob job) {
    return running.contains(job);
  }

  Optional<RunningJob> find(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  Collection<RunningJob> all() {
    return List.copyOf(running);
  }

  int count() {
    return running.size();
  }

  Map<JobId, LeaseToken> leases() {
    Map<JobId, LeaseToken> leases = new HashMap<>();
    jobs.values().forEach(job -> leases.put(job.id(), job.claim().token()));
    return leases;
  }
}
