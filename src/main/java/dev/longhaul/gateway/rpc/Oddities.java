package dev.longhaul.gateway.rpc;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what an upstream does wrong without harm: one line a minute, with the number of others. */
final class Oddities {
  private static final Logger log = LoggerFactory.getLogger(Oddities.class);
  private static final long WINDOW = Duration.ofMinutes(1).toNanos();

  private final String upstream;
  private long last = System.nanoTime() - WINDOW;
  private long silent;

  Oddities(String upstream) {
    this.upstream = upstream;
  }

  /**
   * @param what what was done and what follows, without content that the upstream sent
   */
  synchronized void met(String what) {
    long now = System.nanoTime();
    if (now - last < WINDOW) {
      silent++;
      log.debug("Upstream {}: {}", upstream, what);
      return;
    }
    log.warn("Upstream {}: {} ({} other such lines since the last one)", upstream, what, silent);
    last = now;
    silent = 0;
  }
}
