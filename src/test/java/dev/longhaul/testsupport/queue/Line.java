package dev.longhaul.testsupport.queue;

import dev.longhaul.job.Priority;
import dev.longhaul.queue.QueueAdmin.QueueState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One named queue: the jobs that wait in it, by band. Those that a gate has let go stand in front
 * of their band, in their order.
 */
final class Line {
  final String name;
  QueueState state = QueueState.ACTIVE;

  /** How many of its jobs wait at a gate instead. */
  int heldBack;

  /** The share of claims that heads which waited too long may still take. */
  long saved;

  private final List<LinkedHashSet<StoredJob>> bands = new ArrayList<>();
  private final List<LinkedHashMap<StoredJob, Gate>> fronts = new ArrayList<>();

  Line(String name) {
    this.name = name;
    for (int band = 0; band < Priority.BANDS; band++) {
      bands.add(new LinkedHashSet<>());
      fronts.add(new LinkedHashMap<>());
    }
  }

  /**
   * A job taken from the line.
   *
   * @param from the gate that had let it go, or null
   */
  record Taken(StoredJob job, @Nullable Gate from) {}

  void add(StoredJob job) {
    bands.get(job.band).add(job);
  }

  /** Puts a job at the head: it has waited longest. */
  void addFirst(StoredJob job) {
    bands.get(job.band).addFirst(job);
  }

  /** Takes a job that a gate lets go. */
  void addToFront(StoredJob job, Gate gate) {
    fronts.get(job.band).putLast(job, gate);
  }

  /** Before those that were let go because it gave up its slot. */
  void addFirstToFront(StoredJob job, Gate gate) {
    fronts.get(job.band).putFirst(job, gate);
  }

  void remove(StoredJob job) {
    bands.get(job.band).remove(job);
    fronts.get(job.band).remove(job);
  }

  /** Takes the next job of a band, or null if none waits. */
  @Nullable Taken take(int band) {
    var front = fronts.get(band).pollFirstEntry();
    if (front != null) {
      return new Taken(front.getKey(), front.getValue());
    }
    LinkedHashSet<StoredJob> ordinary = bands.get(band);
    return ordinary.isEmpty() ? null : new Taken(ordinary.removeFirst(), null);
  }

  /** Takes all jobs of a band that the gate had let go, in their order. */
  List<StoredJob> takeBack(int band, Gate gate) {
    List<StoredJob> taken = new ArrayList<>();
    fronts
        .get(band)
        .entrySet()
        .removeIf(entry -> {
          boolean its = entry.getValue() == gate;
          if (its) {
            taken.add(entry.getKey());
          }
          return its;
        });
    return taken;
  }

  /** The next job of a band, or null if none waits. */
  @Nullable StoredJob head(int band) {
    if (!fronts.get(band).isEmpty()) {
      return fronts.get(band).firstEntry().getKey();
    }
    return bands.get(band).isEmpty() ? null : bands.get(band).getFirst();
  }

  /** How many wait in each band. */
  List<Long> lengths() {
    List<Long> lengths = new ArrayList<>();
    for (int band = 0; band < Priority.BANDS; band++) {
      lengths.add((long) bands.get(band).size() + fronts.get(band).size());
    }
    return lengths;
  }

  /** How many wait, also at gates. */
  long length() {
    return heldBack + lengths().stream().mapToLong(Long::longValue).sum();
  }

  boolean anybody() {
    return lengths().stream().anyMatch(length -> length > 0);
  }

  /** How long the head that has waited longest has waited. */
  Duration oldest(Instant now) {
    Duration oldest = Duration.ZERO;
    for (int band = 0; band < Priority.BANDS; band++) {
      StoredJob head = head(band);
      if (head != null) {
        Duration waited = Duration.between(head.queuedAt, now);
        oldest = waited.compareTo(oldest) > 0 ? waited : oldest;
      }
    }
    return oldest;
  }
}
