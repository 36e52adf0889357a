package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.delivery.FrontDoors;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Asks other processes over the channel of {@link Signals} whether they live. */
final class LiveFrontDoors implements FrontDoors {
  private static final Logger log = LoggerFactory.getLogger(LiveFrontDoors.class);

  /** A living process answers within a few round trips to Redis. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Signals signals;
  private final SecureRandom random = new SecureRandom();
  private final String own = random();

  LiveFrontDoors(Signals signals) {
    this.signals = signals;
    signals.answersFor(own);
  }

  @Override
  public String own() {
    return own;
  }

  @Override
  public boolean lives(String process) {
    if (process.equals(own)) {
      return true;
    }
    String question = random();
    CountDownLatch answered = new CountDownLatch(1);
    try (var _ = signals.on(Signals.lives(question), answered::countDown)) {
      signals.publish(Signals.asksWhetherLives(process, question));
      return answered.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (DataAccessException e) {
      log.debug("Whether process {} lives could not be asked", process, e);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private String random() {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
