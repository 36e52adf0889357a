package dev.longhaul.ops;

import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Stops the application when for some time nobody was connected and there was no job. Open sessions
 * and subscriptions have a connection; one that lost it is kept in Redis and goes on after a start.
 */
final class IdleStop implements ApplicationListener<ApplicationReadyEvent>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IdleStop.class);
  private static final int LOOKS = 10;
  private static final Duration SLOWEST = Duration.ofSeconds(10);

  private final Duration limit;
  private final LongSupplier connections;
  private final Supplier<QueueDepths> depths;
  private final LongSupplier nanos;
  private final Runnable stop;
  private final ScheduledExecutorService timer = Threads.timer("longhaul-idle-stop", 1);
  private long busyAt;
  private boolean stopping;

  /**
   * @param limit how long it must have been idle
   * @param connections how many connections are open
   * @param depths the jobs that have not ended
   * @param nanos the time
   * @param stop stops the application
   */
  IdleStop(
      Duration limit,
      LongSupplier connections,
      Supplier<QueueDepths> depths,
      LongSupplier nanos,
      Runnable stop) {
    this.limit = limit;
    this.connections = connections;
    this.depths = depths;
    this.nanos = nanos;
    this.stop = stop;
    this.busyAt = nanos.getAsLong();
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    long interval = Math.min(limit.toMillis() / LOOKS, SLOWEST.toMillis());
    var _ =
        timer.scheduleWithFixedDelay(
            Supervised.repeated("looking whether the server is idle", this::look),
            interval,
            interval,
            TimeUnit.MILLISECONDS);
  }

  synchronized void look() {
    if (isBusy()) {
      busyAt = nanos.getAsLong();
    } else if (!stopping && nanos.getAsLong() - busyAt >= limit.toNanos()) {
      stopping = true;
      log.info(
          "Nobody was connected and there was no job for {}: Longhaul stops ({})",
          limit,
          LocalServerProperties.IDLE_STOP);
      stop.run();
    }
  }

  private boolean isBusy() {
    if (connections.getAsLong() > 0) {
      return true;
    }
    try {
      QueueDepths jobs = depths.get();
      return jobs.allWaiting() + jobs.scheduled() + jobs.running() + jobs.held() + jobs.heldBack()
          > 0;
    } catch (QueueUnavailableException e) {
      return true; // not known to be empty
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
