package dev.longhaul.testsupport.queue;

import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.QueueDrainingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where jobs wait for a worker, for their time, or for somebody who starts them. */
final class Lines {
  private final Store store;
  private final Map<String, Line> lines = new TreeMap<>();
  private final Set<StoredJob> scheduled = new LinkedHashSet<>();
  private final Set<StoredJob> held = new LinkedHashSet<>();
  private final Set<Waiting> waiters = new LinkedHashSet<>();
  private final Set<String> woken = new HashSet<>();
  private boolean everyone;

  Lines(Store store) {
    this.store = store;
  }

  /** A worker that waits for jobs. */
  interface Waiting {
    List<String> queues();

    /** There may be something for it; it is no longer waiting. */
    void wake();
  }

  Line line(String name) {
    return lines.computeIfAbsent(name, Line::new);
  }

  List<Line> all() {
    return List.copyOf(lines.values());
  }

  @Nullable Line find(String name) {
    return lines.get(name);
  }

  int scheduled() {
    return scheduled.size();
  }

  int held() {
    return held.size();
  }

  /**
   * Refuses what a queue cannot take.
   *
   * @param limit how many may wait in it; 0 for no limit
   * @return why it is full, or null
   */
  @Nullable Full refusal(Map<String, Integer> added, int limit) {
    for (var entry : added.entrySet()) {
      Line line = lines.get(entry.getKey());
      if (line != null && line.state == QueueState.DRAINING) {
        throw new QueueDrainingException(line.name);
      }
      long waiting = line == null ? 0 : line.length();
      if (limit > 0 && waiting + entry.getValue() > limit) {
        return new Full(entry.getKey(), waiting);
      }
    }
    return null;
  }

  /** A queue that is full, and how many wait in it. */
  record Full(String queue, long waiting) {}

  /** Puts a new job where it belongs. */
  void place(StoredJob job) {
    JobRequest request = job.request;
    if (request.held()) {
      job.state = JobState.HELD;
      held.add(job);
    } else if (request.delay().isPositive()) {
      schedule(job, store.now().plus(request.delay()));
    } else {
      line(request.queue()).add(job);
      wake(request.queue());
    }
  }

  void schedule(StoredJob job, Instant due) {
    job.state = JobState.SCHEDULED;
    job.dueAt = due;
    scheduled.add(job);
    wake(job.request.queue());
  }

  /** Keeps a child of a batch or chain until its turn comes. */
  void keep(StoredJob job) {
    job.state = JobState.HELD;
  }

  /**
   * Ends the wait of a held job: from now on its delay and its deadline count.
   *
   * @return whether it was held
   */
  boolean release(StoredJob job) {
    if (job.state != JobState.HELD) {
      return false;
    }
    held.remove(job);
    Instant now = store.now();
    job.retryUntil = now.plus(job.retryFor());
    job.updatedAt = now;
    if (job.request.delay().isPositive()) {
      schedule(job, now.plus(job.request.delay()));
    } else {
      job.state = JobState.QUEUED;
      job.queuedAt = now;
      line(job.request.queue()).add(job);
      wake(job.request.queue());
    }
    store.changed(job);
    return true;
  }

  /** Puts a job back at the head of its line. */
  void toHead(StoredJob job) {
    Instant now = store.now();
    job.state = JobState.QUEUED;
    job.nonce = "";
    job.queuedAt = now;
    job.updatedAt = now;
    Line line = line(job.request.queue());
    if (job.request.limits().concurrency() != null) {
      line.addFirstToFront(job, store.gates.ofTool(job.tool()));
    } else {
      line.addFirst(job);
    }
    wake(line.name);
  }

  /** Takes a job out of whatever it waits in. */
  void remove(StoredJob job) {
    scheduled.remove(job);
    held.remove(job);
    Line line = lines.get(job.request.queue());
    if (line != null) {
      line.remove(job);
    }
  }

  /** Puts the jobs in line whose time has come. */
  void promote() {
    Instant now = store.now();
    for (StoredJob job : List.copyOf(scheduled)) {
      if (!Objects.requireNonNull(job.dueAt).isAfter(now)) {
        scheduled.remove(job);
        job.state = JobState.QUEUED;
        job.queuedAt = now;
        job.updatedAt = now;
        line(job.request.queue()).add(job);
        wake(job.request.queue());
      }
    }
  }

  /** When the next scheduled job is due, or null if there is none. */
  @Nullable Instant nextDue() {
    return scheduled.stream()
        .map(job -> Objects.requireNonNull(job.dueAt))
        .min(Instant::compareTo)
        .orElse(null);
  }

  /** The held jobs that nobody started for that long. */
  List<StoredJob> heldFor(Duration time) {
    Instant before = store.now().minus(time);
    return held.stream().filter(job -> !job.createdAt.isAfter(before)).toList();
  }

  /** Whoever waits for jobs of this queue looks again. */
  void wake(String queue) {
    woken.add(queue);
  }

  void wakeEveryone() {
    everyone = true;
  }

  void await(Waiting waiter) {
    waiters.add(waiter);
  }

  void leave(Waiting waiter) {
    waiters.remove(waiter);
  }

  /** At the end of each operation: those that were woken look, in the order in which they came. */
  void serveWaiters() {
    if (woken.isEmpty() && !everyone) {
      return;
    }
    List<Waiting> called = new ArrayList<>();
    for (Waiting waiter : waiters) {
      if (everyone || waiter.queues().stream().anyMatch(woken::contains)) {
        called.add(waiter);
      }
    }
    called.forEach(waiters::remove);
    called.forEach(Waiting::wake);
    woken.clear();
    everyone = false;
  }
}
