package dev.longhaul.worker;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.thread.Listeners;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects CPU-bound tools outside the queue cpu, by checking periodically how much CPU time the
 * threads of running jobs have used. Jobs that end between two checks cost almost nothing.
 */
final class ComputingTools implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ComputingTools.class);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Duration limit;
  private final Listeners<JobListener> listeners;
  private final Map<Run, Run> running = new ConcurrentHashMap<>();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /**
   * @param limit the CPU time that one attempt may use
   */
  ComputingTools(Duration limit, Listeners<JobListener> listeners) {
    this.limit = limit;
    this.listeners = listeners;
  }

  /** An attempt in a thread; closed at its end. */
  final class Run implements AutoCloseable {
    private final Tool tool;
    private final long thread;
    // Of the first check; used by the checking thread only.
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

  /** Begins to watch an attempt in the current thread. */
  Run begin(Tool tool) {
    Run run = new Run(tool, Thread.currentThread().threadId());
    if (!tool.policy().queue().equals(ToolPolicy.CPU_QUEUE)) {
      running.put(run, run);
    }
    return run;
  }

  /** Whether a tool of that name was found to be CPU-bound. */
  boolean has(String tool) {
    return seen.contains(tool);
  }

  @Override
  public void run() {
    try {
      running.values().forEach(this::check);
    } catch (RuntimeException | Error e) {
      // Also for an Error: a periodic task that throws is not run again.
      log.error("The check for CPU-bound tools failed; it is repeated", e);
    }
  }

  private void check(Run run) {
    long cpu = THREADS.getThreadCpuTime(run.thread);
    if (cpu < 0 || has(run.tool.id())) {
      return; // the thread has ended, or this JVM cannot measure it
    }
    long now = System.nanoTime();
    if (run.first == null) {
      run.first = new Sample(now, cpu);
      return;
    }
    long computed = cpu - run.first.cpu();
    if (computed >= limit.toNanos() && computed >= share() * (now - run.first.wall())) {
      found(run.tool.id(), Duration.ofNanos(computed));
    }
  }

  // The minimal share of CPU time: far less than a CPU-bound thread gets even on a busy machine.
  private double share() {
    double processors = Runtime.getRuntime().availableProcessors();
    return Math.min(0.1, processors / (2 * Math.max(1, running.size())));
  }

  private void found(String tool, Duration computed) {
    if (seen.add(tool)) {
      log.warn(
          "Tool {} has used {} s of CPU time in one attempt (longhaul.worker.limits.computing); its"
              + " later jobs use the slots of the queue cpu in this process. Configure that queue:"
              + " longhaul.tools.{}.queue=cpu",
          tool,
          computed.toSeconds(),
          tool);
      listeners.call(listener -> listener.computing(tool));
    }
  }
}
