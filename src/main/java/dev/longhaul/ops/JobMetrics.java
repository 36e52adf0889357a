package dev.longhaul.ops;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.IntakeListener;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.worker.JobListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of the jobs of this process. Tags are tool names from the catalogue and fixed words, so
 * their number is bounded.
 */
final class JobMetrics implements JobListener, IntakeListener {
  private static final String NO_TOOL = "none";

  private final MeterRegistry registry;
  private final Counter vanished;
  private final Counter lost;
  private final Counter requeued;
  private final Counter dead;
  private final Map<String, AtomicInteger> stuck = new ConcurrentHashMap<>();
  // To look a meter up by its name and tags takes longer than to count.
  private final Map<Counted, Counter> finished = new ConcurrentHashMap<>();
  private final Map<String, Timer> waiting = new ConcurrentHashMap<>();
  private final Map<String, Timer> running = new ConcurrentHashMap<>();

  /** The jobs of a tool that ended with an outcome. */
  private record Counted(String tool, String outcome) {}

  JobMetrics(MeterRegistry registry) {
    this.registry = registry;
    // Registered at the start, so that an alert on their increase sees the first one.
    this.vanished =
        Counter.builder("longhaul.jobs.vanished")
            .description("Jobs in line whose data was gone: keys were evicted or deleted")
            .register(registry);
    this.lost =
        Counter.builder("longhaul.jobs.lost")
            .description("Jobs this process ran but no longer owned at their end")
            .register(registry);
    this.requeued = reapedCounter("requeued");
    this.dead = reapedCounter("dead");
  }

  @Override
  public void submitted(Job job) {
    count("longhaul.jobs.submitted", "Jobs stored", job.tool());
  }

  @Override
  public void refused(IntakeException reason) {
    Counter.builder("longhaul.jobs.refused")
        .description("Requests to store a job that were refused")
        .tag("reason", reason.refusal().reason())
        .register(registry)
        .increment();
  }

  @Override
  public void cancelled(Job job) {
    finished(job.tool(), "cancelled");
  }

  @Override
  public void started(Claim claim) {
    waiting
        .computeIfAbsent(
            name(claim.tool()),
            tool -> timer("longhaul.jobs.waiting", "How long jobs stood in line", tool))
        .record(claim.waited());
  }

  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    boolean error = outcome instanceof Outcome.Answered answered && answered.isError();
    finished(claim.tool(), error ? "error" : outcome.state().wire());
    running
        .computeIfAbsent(
            name(claim.tool()),
            tool -> timer("longhaul.jobs.running", "How long attempts ran", tool))
        .record(ran);
  }

  @Override
  public void retried(Claim claim, JobError error) {
    count("longhaul.jobs.retried", "Attempts that failed and will be repeated", claim.tool());
  }

  @Override
  public void lost(JobId id) {
    lost.increment();
  }

  @Override
  public void reaped(JobId id, boolean ended) {
    (ended ? dead : requeued).increment();
  }

  private Counter reapedCounter(String outcome) {
    return Counter.builder("longhaul.jobs.reaped")
        .description("Jobs whose worker was lost: back in line, or dead")
        .tag("outcome", outcome)
        .register(registry);
  }

  @Override
  public void breakerOpened(String tool, Duration time) {
    count("longhaul.breaker.opened", "Times that a tool failed so often that its jobs wait", tool);
  }

  @Override
  public void breakerClosed(String tool) {
    count("longhaul.breaker.closed", "Times that a tool was found to work again", tool);
  }

  @Override
  public void stuck(Claim claim, String tool) {
    stuckRuns(tool).incrementAndGet();
  }

  @Override
  public void unstuck(Claim claim, String tool) {
    stuckRuns(tool).decrementAndGet();
  }

  private AtomicInteger stuckRuns(String tool) {
    return stuck.computeIfAbsent(
        tool,
        name -> {
          var runs = new AtomicInteger();
          Gauge.builder("longhaul.tools.stuck", runs, AtomicInteger::get)
              .description("Runs that ignore their interrupt in this process now")
              .tag("tool", name)
              .register(registry);
          return runs;
        });
  }

  @Override
  public void computing(String tool) {
    count("longhaul.tools.computing", "Tools seen computing for long outside the queue cpu", tool);
  }

  @Override
  public void vanished(long count) {
    vanished.increment((double) count);
  }

  private void finished(@Nullable String tool, String outcome) {
    finished
        .computeIfAbsent(
            new Counted(name(tool), outcome),
            its ->
                Counter.builder("longhaul.jobs.finished")
                    .description("Jobs that ended; outcome error is a tool's own isError result")
                    .tag("tool", its.tool)
                    .tag("outcome", its.outcome)
                    .register(registry))
        .increment();
  }

  private void count(String name, String description, @Nullable String tool) {
    Counter.builder(name)
        .description(description)
        .tag("tool", name(tool))
        .register(registry)
        .increment();
  }

  private Timer timer(String name, String description, String tool) {
    return Timer.builder(name)
        .description(description)
        .tag("tool", tool)
        .serviceLevelObjectives(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10))
        .register(registry);
  }

  private static String name(@Nullable String tool) {
    return tool == null ? NO_TOOL : tool;
  }
}
