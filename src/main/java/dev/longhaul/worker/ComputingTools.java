package dev.longhaul.worker;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds tools that compute although they do not belong to the queue cpu, by looking now and then
 * how much processor time the threads of running jobs have had. Jobs that end between two looks
 * cost next to nothing.
 */
final class ComputingTools implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ComputingTools.class);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Duration limit;
  private final List<JobListener> listeners;
  private final Map<Run, Run> running = new ConcurrentHashMap<>();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /**
   * @param limit how long one attempt may compute
   */
  ComputingTools(Duration limit, List<JobListener> listeners) {
    this.limit = limit;
    this.listeners = List.copyOf(listeners);
  }

  /** An attempt in a thread; closed at its end. */
  final class Run implements AutoCloseable {
    private final Tool tool;
    private final long thread;
    // Of the first look; only the looking thread touches them.
    private @Nullable Sample first;

    private Run(Tool tool, long thread) {
      this.tool = tool;
      this.thread = thread;
    }

    @Override
    public void close() {
      running.remove(this);
    }
  }

  private record Sample(long wall, long cpu) {}

  /** An attempt begins in this thread. */
  Run begin(Tool tool) {
    Run run = new Run(tool, Thread.currentThread().threadId());
    if (!tool.policy().queue().equals(ToolPolicy.CPU_QUEUE)) {
      running.put(run, run);
    }
    return run;
  }

  /** Whether a tool of that name was seen computing. */
  boolean has(String tool) {
    return seen.contains(tool);
  }

  @Override
  public void run() {
    try {
      running.values().forEach(this::look);
    } catch (RuntimeException | Error e) {
      // Also an Error: a schedule whose task throws ends.
      log.error("Which tools compute could not be looked for; trying again", e);
    }
  }

  private void look(Run run) {
    long cpu = THREADS.getThreadCpuTime(run.thread);
    if (cpu < 0 || has(run.tool.name())) {
      return; // the thread has ended, or this JVM cannot measure it
    }
    long now = System.nanoTime();
    if (run.first == null) {
      run.first = new Sample(now, cpu);
      return;
    }
    long computed = cpu - run.first.cpu();
    if (computed >= limit.toNanos() && computed >= share() * (now - run.first.wall())) {
      found(run.tool.name(), Duration.ofNanos(computed));
    }
  }

  // Far less than a thread gets that never waits, even if all jobs compute and so do other
  // programs.
  private double share() {
    double processors = Runtime.getRuntime().availableProcessors();
    return Math.min(0.1, processors / (2 * Math.max(1, running.size())));
  }

  private void found(String tool, Duration computed) {
    if (seen.add(tool)) {
      log.warn(
          "Tool {} has computed for {} s in one attempt (longhaul.worker.limits.computing); its"
              + " later jobs count against the slots of the queue cpu in this process. Give it that"
              + " queue: longhaul.tools.{}.queue=cpu",
          tool,
          computed.toSeconds(),
          tool);
      listeners.forEach(listener -> JobRunner.heard(() -> listener.computing(tool)));
    }
  }
}
