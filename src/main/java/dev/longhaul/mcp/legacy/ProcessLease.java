package dev.longhaul.mcp.legacy;

import dev.longhaul.job.RandomText;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * The lease of this process, and look-ups of those of others. A call that is no job ends with the
 * process that runs it. Without a lease of that process, the process that has taken the call's
 * stream over knows that no result will come. A process has a lease only while it runs such calls.
 */
final class ProcessLease implements AutoCloseable {
  /** How long a process counts as alive after it last renewed its lease. */
  static final Duration LEASE = Duration.ofSeconds(30);

  private static final Duration RENEWAL = Duration.ofSeconds(10);

  private final LeaseStore store;
  private final String process;
  private final ScheduledThreadPoolExecutor timer;
  private @Nullable ScheduledFuture<?> renewing;
  private final Duration renewal;
  private int calls;

  ProcessLease(LeaseStore store) {
    this(store, RENEWAL);
  }

  ProcessLease(LeaseStore store, Duration renewal) {
    this.renewal = renewal;
    this.store = store;
    this.process = RandomText.hex(8);
    this.timer = Threads.timer("longhaul-mcp-lease", 1);
  }

  /**
   * Begins to run a call; {@link #release} must follow.
   *
   * @return the name of this process
   * @throws DataAccessException if the lease cannot be stored; then it was not acquired
   */
  synchronized String acquire() {
    if (calls == 0) {
      renew();
      renewing =
          timer.scheduleWithFixedDelay(
              Supervised.repeated("the lease of this process", this::renew),
              renewal.toMillis(),
              renewal.toMillis(),
              TimeUnit.MILLISECONDS);
    }
    calls++;
    return process;
  }

  synchronized void release() {
    calls--;
    if (calls == 0 && renewing != null) {
      renewing.cancel(false);
      renewing = null;
    }
  }

  /** Whether a process has a lease. */
  boolean isAlive(String name) {
    return store.isAlive(name);
  }

  private void renew() {
    store.renew(process, LEASE);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
