package dev.longhaul.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How much waits and runs.
 *
 * @param waiting per queue name, how many wait in each priority band, most urgent first
 * @param scheduled how many wait for their due time
 * @param running how many are under a lease
 * @param held how many wait to be started by somebody
 * @param heldBack how many wait because of a limit or an open circuit breaker
 * @param oldestWaiting how long the head that has waited longest has waited; zero if none waits
 */
public record QueueDepths(
    Map<String, List<Long>> waiting,
    long scheduled,
    long running,
    long held,
    long heldBack,
    Duration oldestWaiting) {}
