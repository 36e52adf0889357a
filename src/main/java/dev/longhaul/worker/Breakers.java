package dev.longhaul.worker;

import dev.longhaul.catalog.BreakerPolicy;
import dev.longhaul.catalog.Tool;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.List;
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
 * The circuit breakers of this worker's tools. Each worker counts for itself: a breaker opens when
 * the last calls of a tool that this worker has seen, as many as its policy says, have all failed.
 * Whether it is open is the queue's to keep, so that no worker calls the tool; the queue also
 * chooses the job that tries when the time is over ({@link Claim#probe}).
 */
final class Breakers {
  /** What an attempt says of its tool. */
  enum Verdict {
    /** The tool answered, if only with an error of its own making. */
    WORKS,
    /** It threw, or took too long. */
    FAILS,
    /** Nothing: it was cancelled, refused its arguments, or was lost. */
    NOTHING
  }

  private static final Logger log = LoggerFactory.getLogger(Breakers.class);
  private static final CompletableFuture<?> UNCHANGED = CompletableFuture.completedFuture(null);
  // A report waits for a change of the breaker, but not for a Redis that does not answer.
  private static final long ANSWER_SECONDS = 5;

  private final WorkQueue queue;
  private final List<JobListener> listeners;
  private final Executor executor;
  private final Map<String, CircuitBreaker> windows = new ConcurrentHashMap<>();

  /**
   * @param executor where listeners hear of changes
   */
  Breakers(WorkQueue queue, List<JobListener> listeners, Executor executor) {
    this.queue = queue;
    this.listeners = List.copyOf(listeners);
    this.executor = executor;
  }

  /** To be called before each attempt. */
  void starting(Claim claim, Tool tool) {
    CircuitBreaker window = windows.get(tool.name());
    if (window != null && !claim.probe()) {
      synchronized (window) {
        // The queue lets it through, so another worker has found that the tool works again.
        if (window.getState() == State.OPEN) {
          window.reset();
        }
      }
    }
  }

  /**
   * Counts an attempt.
   *
   * @return done when the queue knows what changed, or does not answer; never fails. What became of
   *     the job should be reported only then: the end of a probe lets the next job through
   */
  CompletableFuture<?> ended(Claim claim, Tool tool, Verdict verdict) {
    BreakerPolicy policy = tool.policy().breaker();
    if (!policy.enabled()) {
      return claim.probe() ? unwanted(tool) : UNCHANGED;
    }
    if (verdict == Verdict.NOTHING) {
      return UNCHANGED;
    }
    CircuitBreaker window =
        windows.computeIfAbsent(tool.name(), name -> CircuitBreaker.of(name, config(policy)));
    synchronized (window) {
      if (claim.probe()) {
        return verdict == Verdict.WORKS ? close(tool, window) : openAgain(tool, window);
      }
      if (window.getState() == State.OPEN) {
        return UNCHANGED; // one of those that were under way when it opened
      }
      window.onResult(0, TimeUnit.NANOSECONDS, verdict);
      return window.getState() == State.OPEN ? open(tool) : UNCHANGED;
    }
  }

  /**
   * The breaker of a tool is open: closes it if the policy has none, as after a change of the
   * settings.
   */
  CompletableFuture<?> unwanted(Tool tool) {
    if (tool.policy().breaker().enabled()) {
      return UNCHANGED;
    }
    return told(
        tool,
        () -> queue.closeBreaker(tool.name()),
        listener -> listener.breakerClosed(tool.name()),
        () ->
            log.info(
                "The circuit breaker of tool {} is closed: it is to have none"
                    + " (longhaul.tools.{}.breaker-failures=0)",
                tool.name(),
                tool.name()));
  }

  private CompletableFuture<?> openAgain(Tool tool, CircuitBreaker window) {
    if (window.getState() != State.OPEN) {
      window.transitionToOpenState();
    }
    return open(tool);
  }

  private CompletableFuture<?> open(Tool tool) {
    Duration time = tool.policy().breaker().open();
    return told(
        tool,
        () -> queue.openBreaker(tool.name(), time),
        listener -> listener.breakerOpened(tool.name(), time),
        () ->
            log.warn(
                "Tool {} fails: its jobs wait for {}, then one of them tries whether it works"
                    + " again (longhaul.tools.{}.breaker-open)",
                tool.name(),
                time,
                tool.name()));
  }

  private CompletableFuture<?> close(Tool tool, CircuitBreaker window) {
    window.reset();
    return told(
        tool,
        () -> queue.closeBreaker(tool.name()),
        listener -> listener.breakerClosed(tool.name()),
        () -> log.info("Tool {} works again: its jobs go on", tool.name()));
  }

  private CompletableFuture<?> told(
      Tool tool,
      Supplier<CompletableFuture<Boolean>> call,
      Consumer<JobListener> heard,
      Runnable said) {
    CompletableFuture<Boolean> answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer
        .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .handleAsync(
            (changed, failure) -> {
              if (failure != null) {
                log.warn(
                    "The other workers could not be told about the circuit breaker of tool {} ({});"
                        + " each counts its failures itself",
                    tool.name(),
                    failure.getMessage());
              } else if (changed) {
                said.run();
                listeners.forEach(listener -> JobRunner.heard(() -> heard.accept(listener)));
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
        // Its own clock decides nothing here: the queue says when a job may try.
        .waitDurationInOpenState(policy.open())
        .build();
  }
}
