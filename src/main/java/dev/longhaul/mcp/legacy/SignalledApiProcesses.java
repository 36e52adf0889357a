package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.job.RandomText;
import dev.longhaul.mcp.delivery.ApiProcesses;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Asks other processes over the channel of {@link Signals} whether they are alive, and to probe
 * their clients.
 */
final class SignalledApiProcesses implements ApiProcesses {
  private static final Logger log = LoggerFactory.getLogger(SignalledApiProcesses.class);

  /** How long a process has to respond, which takes a few round trips to Redis. */
  private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(1);

  /**
   * How long to wait for the subscription to signals, which may follow the first requests after a
   * start.
   */
  private static final Duration SUBSCRIBE_LIMIT = Duration.ofSeconds(5);

  private static final char JOB_SEPARATOR = ':';

  private final Signals signals;
  private final String own = RandomText.hex(8);
  private volatile Consumer<JobId> probe = _ -> {};

  SignalledApiProcesses(Signals signals) {
    this.signals = signals;
    signals.onPing(own, this::pinged);
  }

  @Override
  public String own() {
    return own;
  }

  @Override
  public boolean isAlive(String process) {
    return process.equals(own) || responds(process, null);
  }

  @Override
  public void onProbe(Consumer<JobId> probe) {
    this.probe = probe;
  }

  @Override
  public boolean probeClients(String process, JobId job) {
    if (process.equals(own)) {
      probe.accept(job);
      return true;
    }
    return responds(process, job);
  }

  // A ping may end with the job whose clients are to be probed first.
  private void pinged(String ping) {
    int job = ping.indexOf(JOB_SEPARATOR);
    if (job < 0) {
      signals.pong(ping);
      return;
    }
    // Not in the current thread, in which all signals arrive.
    var _ =
        Threads.virtual(
            "longhaul-mcp-probe",
            () -> {
              try {
                probe.accept(new JobId(ping.substring(job + 1)));
                signals.pong(ping);
              } catch (RuntimeException e) {
                log.debug("A ping of another process was not answered", e);
              }
            });
  }

  private boolean responds(String process, @Nullable JobId job) {
    try {
      return !signals.awaitSubscribed(SUBSCRIBE_LIMIT) || ping(process, job);
    } catch (DataAccessException e) {
      log.debug("Process {} could not be pinged and is assumed to be alive", process, e);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean ping(String process, @Nullable JobId job) throws InterruptedException {
    String id = job == null ? RandomText.hex(8) : RandomText.hex(8) + JOB_SEPARATOR + job.value();
    Ping ping = new Ping(process, id);
    try (var _ = signals.onPong(ping.id(), ping)) {
      ping.send();
      return ping.response().await(RESPONSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private final class Ping implements Signals.PendingPing {
    private final String process;
    private final String id;
    private final CountDownLatch response = new CountDownLatch(1);

    Ping(String process, String id) {
      this.process = process;
      this.id = id;
    }

    String id() {
      return id;
    }

    CountDownLatch response() {
      return response;
    }

    @Override
    public void ponged() {
      response.countDown();
    }

    void send() {
      signals.publish(Signals.ping(process, id));
    }

    @Override
    public void resend() {
      try {
        send();
      } catch (DataAccessException e) {
        log.debug("Process {} could not be pinged again", process, e);
      }
    }
  }
}
