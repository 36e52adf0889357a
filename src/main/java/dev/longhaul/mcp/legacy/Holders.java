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
 * Says which processes live that run calls themselves. A call that is no job ends with its process;
 * whoever has resumed its stream learns by this that no answer will come. A process says so only
 * while it holds such a stream.
 */
final class Holders implements AutoCloseable {
  /** How long a process counts as alive after its last sign of life. */
  static final Duration LEASE = Duration.ofSeconds(30);

  private static final Duration RENEWAL = Duration.ofSeconds(10);

  private final HolderLeases leases;
  private final String process;
  private final ScheduledThreadPoolExecutor timer;
  private @Nullable ScheduledFuture<?> renewing;
  private final Duration renewal;
  private int held;

  Holders(HolderLeases leases) {
    this(leases, RENEWAL);
  }

  Holders(HolderLeases leases, Duration renewal) {
    this.renewal = renewal;
    this.leases = leases;
    this.process = RandomText.hex(8);
    this.timer = Threads.timer("longhaul-mcp-holder", 1);
  }

  /**
   * Begins to hold a stream; {@link #leave} must follow.
   *
   * @return the name of this process
   * @throws DataAccessException if it cannot be said; then nothing is held
   */
  synchronized String enter() {
    if (held == 0) {
      renew();
      renewing =
          timer.scheduleWithFixedDelay(
              Supervised.repeated("the sign of life of this process", this::renew),
              renewal.toMillis(),
              renewal.toMillis(),
              TimeUnit.MILLISECONDS);
    }
    held++;
    return process;
  }

  synchronized void leave() {
    held--;
    if (held == 0 && renewing != null) {
      renewing.cancel(false);
      renewing = null;
    }
  }

  /** Whether a process lives. */
  boolean lives(String name) {
    return leases.lives(name);
  }

  private void renew() {
    leases.renew(process, LEASE);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
