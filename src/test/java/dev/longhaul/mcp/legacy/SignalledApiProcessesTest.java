package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignalledApiProcessesTest {
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
    SignalledApiProcesses processes = new SignalledApiProcesses(signals);
    CompletableFuture<Boolean> lives =
        CompletableFuture.supplyAsync(() -> processes.isAlive("dead"));
    // The first call after a start may come before the subscription is active.
    signals.subscribed();
    assertThat(lives.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void aSubscriptionThatIsRenewedIsNoAnswer() {
    Signals signals = new Signals(redis.stores.signals());
    signals.subscribed();
    SignalledApiProcesses processes = new SignalledApiProcesses(signals);
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
    assertThat(processes.isAlive("dead")).isFalse();
    assertThat(renewed).isTrue();
  }

  @Test
  void aProcessThatLivesSaysSo() {
    Signals here = new Signals(redis.stores.signals());
    Signals there = new Signals(redis.another().signals());
    SignalledApiProcesses processes = new SignalledApiProcesses(here);
    SignalledApiProcesses other = new SignalledApiProcesses(there);
    here.start();
    there.start();
    assertThat(processes.isAlive(other.own())).isTrue();
  }
}
