package dev.longhaul.ops.health;

import dev.longhaul.ops.statistics.StatisticsStore.LastHour;
import dev.longhaul.ops.statistics.StatisticsUnavailableException;
import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the installation is healthy. Anybody may ask, so the figures are read at most
 * once a second, and never by two at once.
 */
public final class InstallationHealth {
  private static final Logger log = LoggerFactory.getLogger(InstallationHealth.class);
  private static final long LIMIT_MILLIS = 2_000;
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Supplier<QueueDepths> depths;
  private final Supplier<LastHour> lastHour;
  private final HealthProperties thresholds;
  private final Clock clock;
  private @Nullable CompletableFuture<HealthReport> look;

  public InstallationHealth(
      Supplier<QueueDepths> depths,
      Supplier<LastHour> lastHour,
      HealthProperties thresholds,
      Clock clock) {
    this.depths = depths;
    this.lastHour = lastHour;
    this.thresholds = thresholds;
    this.clock = clock;
  }

  /** The health, at most a second old. Unhealthy while Redis cannot be read within two seconds. */
  public HealthReport report() {
    try {
      return look().get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return unknown();
    } catch (ExecutionException e) {
      log.warn("The health could not be determined", e.getCause());
      return unknown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown();
    }
  }

  private synchronized CompletableFuture<HealthReport> look() {
    CompletableFuture<HealthReport> current = look;
    if (current == null || isOld(current)) {
      var begun = new CompletableFuture<HealthReport>();
      current = begun;
      look = begun;
      Threads.virtual("longhaul-health", () -> complete(begun));
    }
    return current;
  }

  private boolean isOld(CompletableFuture<HealthReport> done) {
    return done.isCompletedExceptionally()
        || (done.isDone() && done.join().at().plus(FRESH).isBefore(clock.instant()));
  }

  private void complete(CompletableFuture<HealthReport> begun) {
    try {
      begun.complete(read());
    } catch (RuntimeException | Error e) {
      begun.completeExceptionally(e);
    }
  }

  private HealthReport read() {
    try {
      HealthFigures figures = HealthFigures.of(depths.get(), lastHour.get());
      return new HealthReport(figures.within(thresholds), figures, clock.instant());
    } catch (QueueUnavailableException | StatisticsUnavailableException e) {
      log.debug("The figures of health could not be read", e);
      return unknown();
    }
  }

  private HealthReport unknown() {
    return new HealthReport(false, HealthFigures.UNKNOWN, clock.instant());
  }
}
