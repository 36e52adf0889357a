package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.WorkQueue.ReapAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks after what workers and clients have left behind. */
final class Upkeep {
  private static final JobError POISON =
      new JobError(
          JobError.POISON,
          "worker_lost",
          "The job was given up because too many workers were lost while they ran it.",
          "Look for what ends the worker (memory, native code) before calling the tool again.");

  private static final JobError HELD_TOO_LONG =
      new JobError(
          JobError.EXPIRED,
          "held",
          "The job was held for longer than longhaul.queue.max-held and was not started.",
          "Submit it again, and start it in time.");

  private final Store store;
  private final Map<JobId, Instant> attended = new LinkedHashMap<>();
  private Instant lastReap;

  Upkeep(Store store) {
    this.store = store;
    this.lastReap = store.now();
  }

  /** Somebody waits for these; returns for how many. */
  int attend(Collection<JobId> ids, Duration time) {
    int count = 0;
    for (JobId id : ids) {
      StoredJob job = store.find(id);
      if (job == null || job.ended() || job.handedOut) {
        attended.remove(id);
      } else {
        attended.put(id, store.now().plus(time));
        count++;
      }
    }
    return count;
  }

  /** As if nobody had attended to any job for too long. */
  void expireAttendance() {
    attended.replaceAll((_, _) -> Instant.EPOCH);
  }

  void delete(StoredJob job) {
    if (!job.ended()) {
      store.news.cancelled(job.id);
      store.lines.remove(job);
      store.end(job, new Outcome.Cancelled(null), null); // its batch or chain counts it so
    } else {
      store.leases.drop(job);
    }
    store.forget(job);
    store.notifications.forget(job.id);
    store.changed(job);
  }

  ReapAnswer reap(int limit) {
    store.flows.endUnsealed();
    List<JobId> closed = new ArrayList<>();
    for (StoredJob job : store.lines.heldFor(store.rules.maxHeld())) {
      store.lines.remove(job);
      store.end(job, new Outcome.Failed(HELD_TOO_LONG, null), HELD_TOO_LONG);
      closed.add(job.id);
    }
    // A test moved the clock: no worker and no client had a chance to say in time that it is there.
    boolean jumped = jumped();
    lastReap = store.now();
    if (jumped) {
      store.leases.extendAll();
      Instant later = store.now().plus(store.lease());
      attended.replaceAll((_, until) -> until.equals(Instant.EPOCH) ? until : later);
    }
    cancelUnattended(closed);
    store.gates.openAll();
    List<JobId> requeued = new ArrayList<>();
    List<JobId> ended = new ArrayList<>();
    for (JobId id : store.leases.expired(limit)) {
      StoredJob job = store.find(id);
      if (job != null) {
        takeBack(job, requeued, ended);
      }
    }
    return new ReapAnswer(requeued, ended, closed, store.leases.nextExpiry().orElse(null));
  }

  private boolean jumped() {
    return Duration.between(lastReap, store.now()).compareTo(store.lease().dividedBy(2)) > 0;
  }

  private void takeBack(StoredJob job, List<JobId> requeued, List<JobId> ended) {
    if (job.state == JobState.QUEUED) {
      store.leases.drop(job);
      store.lines.toHead(job); // an offer that was never started costs no attempt
      requeued.add(job.id);
    } else if (job.running()) {
      job.lostWorkers++;
      JobError error = null;
      if (!job.request.retry().repeatable()) {
        error = JobError.outcomeUnknown();
      } else if (job.lostWorkers >= store.rules.maxLostWorkers()) {
        error = POISON;
      }
      if (error != null) {
        job.nonce = "";
        store.end(job, new Outcome.GivenUp(error, null), error);
        ended.add(job.id);
      } else {
        store.leases.drop(job);
        store.lines.toHead(job);
        requeued.add(job.id);
        store.changed(job);
      }
    } else {
      store.leases.drop(job); // cancelled, and its tool has not stopped in time
    }
  }

  private void cancelUnattended(List<JobId> closed) {
    Instant now = store.now();
    for (var entry : List.copyOf(attended.entrySet())) {
      if (!entry.getValue().isAfter(now)) {
        attended.remove(entry.getKey());
        StoredJob job = store.find(entry.getKey());
        if (job != null && !job.ended() && !job.handedOut) {
          store.cancel(job);
          closed.add(job.id);
        }
      }
    }
  }
}
