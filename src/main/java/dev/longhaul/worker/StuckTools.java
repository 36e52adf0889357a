package dev.longhaul.worker;

import dev.longhaul.thread.Listeners;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of tools that ignore their interrupt. Nothing can end their threads, so until they
 * return this process takes no more jobs of these tools, each of which could block another slot.
 */
final class StuckTools {
  private static final Logger log = LoggerFactory.getLogger(StuckTools.class);

  private final Listeners<JobListener> listeners;
  private final Map<RunningJob, String> runs = new ConcurrentHashMap<>();

  StuckTools(Listeners<JobListener> listeners) {
    this.listeners = listeners;
  }

  /** Adds a run that was asked to stop so long ago and still runs. */
  void add(RunningJob job, Duration asked) {
    String tool = job.tool().id();
    if (runs.putIfAbsent(job, tool) != null) {
      return;
    }
    log.error(
        "Tool {} ignores its interrupt: job {} was asked to stop {} s ago and still runs. It keeps"
            + " its slot; until it returns this process gives back jobs of the tool for other"
            + " workers. The tool should call JobContext.checkpoint or check its thread's interrupt",
        tool,
        job.id(),
        asked.toSeconds());
    listeners.call(listener -> listener.stuck(job.claim(), tool));
  }

  /** The thread of a job has ended; reports it if it was stuck. */
  void ended(RunningJob job) {
    String tool = runs.remove(job);
    if (tool != null) {
      log.info("The stuck tool {} has returned from job {}", tool, job.id());
      listeners.call(listener -> listener.unstuck(job.claim(), tool));
    }
  }

  boolean has(RunningJob job) {
    return runs.containsKey(job);
  }

  /** Whether a run of the tool is stuck. */
  boolean hasTool(String tool) {
    return !runs.isEmpty() && runs.containsValue(tool);
  }

  /** How many of a pool's slots are used by stuck runs. */
  long in(Slot slot) {
    return runs.keySet().stream().filter(job -> job.in(slot)).count();
  }

  /** The names of the stuck tools. */
  Set<String> names() {
    return runs.values().stream().collect(Collectors.toUnmodifiableSet());
  }
}
