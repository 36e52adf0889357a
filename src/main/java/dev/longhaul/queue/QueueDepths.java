package dev.longhaul.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How many jobs wait and run.
 *
 * @param waiting per queue name, how many wait for a worker in each priority band, most urgent
 *     first; zero for a paused queue
 * @param scheduled how many wait for their due time
 * @param running how many are under a lease
 * @param held how many wait to be started by their owner
 * @param heldBack how many wait because of a limit, an open circuit breaker or a paused queue
 * @param oldestWaiting how long the oldest waiting job has waited, including jobs held back; an
 *     estimate where more than 100 callers wait in a band; zero if none waits
 */
public record QueueDepths(
    Map<String, List<Long>> waiting,
    long scheduled,
    long running,
    long held,
    long heldBack,
    Duration oldestWaiting) {

  /** How many wait for a worker, in all queues and bands; without those that are held back. */
  public long allWaiting() {
    return waiting.values().stream().flatMap(List::stream).mapToLong(Long::longValue).sum();
  }
}
