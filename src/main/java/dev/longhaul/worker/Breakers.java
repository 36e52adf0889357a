package dev.longhaul.worker;

import dev.longhaul.catalog.BreakerPolicy;
import dev.longhaul.catalog.Tool;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.thread.Listeners;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breakers of this worker's tools. Each worker counts separately: a breaker opens when
 * the last calls of a tool in this worker have all failed, as many as its policy says. The queue
 * stores the open breakers for all workers, and chooses the job that probes the tool afterwards
 * ({@link Claim#probe}).
 */
final class Breakers {
  /** The effect of an attempt on its tool's breaker. */
  enum Verdict {
    /** The tool returned a result, possibly with {@code isError}. */
    WORKS,
    /** The tool threw an exception or timed out. */
    FAILS,
    /** Nothing: the attempt was cancelled or lost, or the tool refused its arguments. */
    UNKNOWN
  }

  private static final Logger log = LoggerFactory.getLogger(Breakers.class);
  private static final CompletableFuture<?> UNCHANGED = CompletableFuture.completedFuture(null);
  // The report of a job's end waits for the breaker's change, but at most that long.
  private static final long RESPONSE_SECONDS = 5;

  private final WorkQueue queue;
  private final Listeners<JobListener> listeners;
  private final Executor executor;
  private final Map<String, CircuitBreaker> windows = new ConcurrentHashMap<>();

  /**
   * @param executor runs the listeners
   */
  Breakers(WorkQueue queue, Listeners<JobListener> listeners, Executor executor) {
    this.queue = queue;
    this.listeners = listeners;
    this.executor = executor;
  }

  /** Must be called before each attempt. */
  void starting(Claim claim, Tool tool) {
    CircuitBreaker window = windows.get(tool.id());
    if (window != null && !claim.probe()) {
      synchronized (window) {
        // The queue has released this job, so the breaker was closed by another worker.
        if (window.getState() == State.OPEN) {
          window.reset();
        }
      }
    }
  }

  /**
   * Counts an attempt.
   *
   * @return completes, never exceptionally, when the change is stored or the store does not
   *     respond; only then may the job's end be reported, because the end of a probe releases the
   *     next job
   */
  CompletableFuture<?> ended(Claim claim, Tool tool, Verdict verdict) {
    BreakerPolicy policy = tool.policy().breaker();
    if (!policy.enabled()) {
      return claim.probe() ? closeIfDisabled(tool) : UNCHANGED;
    }
    if (verdict == Verdict.UNKNOWN) {
      return UNCHANGED;
    }
    CircuitBreaker window =
        windows.computeIfAbsent(tool.id(), name -> CircuitBreaker.of(name, config(policy)));
    synchronized (window) {
      if (claim.probe()) {
        return verdict == Verdict.WORKS ? close(tool, window) : openAgain(tool, window);
      }
      if (window.getState() == State.OPEN) {
        return UNCHANGED; // it was already running when the breaker opened
      }
      window.onResult(0, TimeUnit.NANOSECONDS, verdict);
      return window.getState() == State.OPEN ? open(tool) : UNCHANGED;
    }
  }

  /**
   * Closes a tool's open breaker if its policy has none any more, as after a change of the
   * settings.
   */
  CompletableFuture<?> closeIfDisabled(Tool tool) {
    if (tool.policy().breaker().enabled()) {
      return UNCHANGED;
    }
    return change(
        tool,
        () -> queue.closeBreaker(tool.id()),
        listener -> listener.breakerClosed(tool.id()),
        () ->
            log.info(
                "The circuit breaker of tool {} is closed because it is switched off"
                    + " (longhaul.tools.{}.breaker-failures=0)",
                tool.id(),
                tool.id()));
  }

  private CompletableFuture<?> openAgain(Tool tool, CircuitBreaker window) {
    if (window.getState() != State.OPEN) {
      window.transitionToOpenState();
    }
    return open(tool);
  }

  private CompletableFuture<?> open(Tool tool) {
    Duration time = tool.policy().breaker().open();
    return change(
        tool,
        () -> queue.openBreaker(tool.id(), time),
        listener -> listener.breakerOpened(tool.id(), time),
        () ->
            log.warn(
                "The circuit breaker of tool {} opens because the tool fails: its jobs wait for {},"
                    + " then one of them probes it (longhaul.tools.{}.breaker-open)",
                tool.id(),
                time,
                tool.id()));
  }

  private CompletableFuture<?> close(Tool tool, CircuitBreaker window) {
    window.reset();
    return change(
        tool,
        () -> queue.closeBreaker(tool.id()),
        listener -> listener.breakerClosed(tool.id()),
        () ->
            log.info(
                "The circuit breaker of tool {} closes because the tool works again; its jobs continue",
                tool.id()));
  }

  private CompletableFuture<?> change(
      Tool tool,
      Supplier<CompletableFuture<Boolean>> call,
      Consumer<JobListener> event,
      Runnable logChange) {
    CompletableFuture<Boolean> answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer
        .orTimeout(RESPONSE_SECONDS, TimeUnit.SECONDS)
        .handleAsync(
            (changed, failure) -> {
              if (failure != null) {
                log.warn(
                    "The state of the circuit breaker of tool {} could not be stored ({}); each worker"
                        + " counts the tool's failures by itself",
                    tool.id(),
                    failure.getMessage());
              } else if (changed) {
                logChange.run();
                listeners.call(listener -> event.accept(listener));
              }
              return changed;
            },
            executor)
        .exceptionally(e -> false);
  }

  private static CircuitBreakerConfig config(BreakerPolicy policy) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            Math.max(1, policy.failures()),
            Math.max(1, policy.failures()),
            SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(100)
        .recordResult(verdict -> verdict == Verdict.FAILS)
        // Not used: the queue decides when a job may probe the tool.
        .waitDurationInOpenState(policy.open())
        .build();
  }
}
