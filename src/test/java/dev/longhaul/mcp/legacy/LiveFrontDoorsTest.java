package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveFrontDoorsTest {
  private TestStores redis;

  @BeforeEach
  void begin() {
    redis = new TestStores(100);
  }

  @AfterEach
  void end() {
    redis.close();
  }

  @Test
  void aProcessThatDiedIsDeadAlsoForOneThatHasJustStarted() throws Exception {
    Signals signals = new Signals(redis.stores.signals());
    LiveFrontDoors doors = new LiveFrontDoors(signals);
    CompletableFuture<Boolean> lives = CompletableFuture.supplyAsync(() -> doors.lives("dead"));
    // The first call after a start comes before the subscription is there.
    signals.subscribed();
    assertThat(lives.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void aSubscriptionThatIsRenewedIsNoAnswer() {
    Signals signals = new Signals(redis.stores.signals());
    signals.subscribed();
    LiveFrontDoors doors = new LiveFrontDoors(signals);
    AtomicBoolean renewed = new AtomicBoolean();
    redis
        .stores
        .signals()
        .listen(
            new SignalChannel.Listener() {
              @Override
              public void heard(String signal) {
                if (renewed.compareAndSet(false, true)) {
                  signals.subscribed();
                }
              }

              @Override
              public void subscribed() {}
            });
    assertThat(doors.lives("dead")).isFalse();
    assertThat(renewed).isTrue();
  }

  @Test
  void aProcessThatLivesSaysSo() {
    Signals here = new Signals(redis.stores.signals());
    Signals there = new Signals(redis.another().signals());
    LiveFrontDoors doors = new LiveFrontDoors(here);
    LiveFrontDoors other = new LiveFrontDoors(there);
    here.start();
    there.start();
    assertThat(doors.lives(other.own())).isTrue();
  }
}
