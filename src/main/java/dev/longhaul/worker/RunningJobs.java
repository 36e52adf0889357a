package dev.longhaul.worker;

import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.LeaseToken;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The claimed jobs of this process. */
final class RunningJobs {
  // A renewal of the leases covers those that are forgotten.
  private static final int MAX_CANCELLED = 1000;

  private final Map<JobId, RunningJob> jobs = new ConcurrentHashMap<>();

  // Including earlier claims of the same job: a lost job may be claimed again by this process while
  // its tool is still running.
  private final Set<RunningJob> running = ConcurrentHashMap.newKeySet();

  // Of jobs that are not here: those of other processes, and those between their claim in Redis and
  // add. A cancelled job has ended, so its id is never claimed again.
  private final Set<JobId> cancelled = latest(MAX_CANCELLED);

  /** A job that was cancelled since its claim is stopped at once. */
  void add(RunningJob job) {
    running.add(job);
    jobs.put(job.id(), job);
    if (cancelled.remove(job.id())) {
      job.stop(Stop.CANCELLED);
    }
  }

  /** Returns the job if it is here, and otherwise stops it if it comes soon. */
  Optional<RunningJob> cancelled(JobId id) {
    cancelled.add(id); // first, because the job may be added meanwhile
    Optional<RunningJob> found = find(id);
    if (found.isPresent()) {
      cancelled.remove(id);
    }
    return found;
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

  private static Set<JobId> latest(int most) {
    return Collections.synchronizedSet(
        Collections.newSetFromMap(
            new LinkedHashMap<JobId, Boolean>() {
              @Override
              protected boolean removeEldestEntry(Map.Entry<JobId, Boolean> eldest) {
                return size() > most;
              }
            }));
  }
}
