package dev.longhaul.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of tools that were asked to stop and did not. Nothing can end their threads, so until
 * they return this process takes no more jobs of these tools: each would take another slot.
 */
final class StuckTools {
  private static final Logger log = LoggerFactory.getLogger(StuckTools.class);

  private final List<JobListener> listeners;
  private final Map<RunningJob, String> runs = new ConcurrentHashMap<>();

  StuckTools(List<JobListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** A run did not end although it was asked to so long ago. */
  void add(RunningJob job, Duration asked) {
    String tool = job.tool().name();
    if (runs.putIfAbsent(job, tool) != null) {
      return;
    }
    log.error(
        "Tool {} ignores its interrupt: job {} was asked to stop {} s ago and still runs. It keeps"
            + " its slot; until it returns this process gives back jobs of the tool for other"
            + " workers. Let the tool look at JobContext.checkpoint or its thread's interrupt",
        tool,
        job.id(),
        asked.toSeconds());
    listeners.forEach(listener -> JobRunner.heard(() -> listener.stuck(job.claim(), tool)));
  }

  /** The thread of a job has ended; tells if it was stuck. */
  void ended(RunningJob job) {
    String tool = runs.remove(job);
    if (tool != null) {
      log.info("Tool {} returned at last from job {}", tool, job.id());
      listeners.forEach(listener -> JobRunner.heard(() -> listener.unstuck(job.claim(), tool)));
    }
  }

  boolean has(RunningJob job) {
    return runs.containsKey(job);
  }

  /** Whether a run of the tool is stuck. */
  boolean hasTool(String tool) {
    return !runs.isEmpty() && runs.containsValue(tool);
  }

  /** How many of a pool's slots stuck runs keep. */
  long in(Slot slot) {
    return runs.keySet().stream().filter(job -> job.in(slot)).count();
  }

  /** The names of the tools. */
  Set<String> names() {
    return runs.values().stream().collect(Collectors.toUnmodifiableSet());
  }
}
