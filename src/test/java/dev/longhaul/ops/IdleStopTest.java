package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.ops.LocalServerProperties.Stdio;
import dev.longhaul.queue.QueueDepths;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IdleStopTest {
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong running = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger stops = new AtomicInteger();

  private IdleStop idleStop() {
    return new IdleStop(
        Duration.ofMinutes(1),
        connections::get,
        () -> new QueueDepths(Map.of(), 0, running.get(), 0, 0, Duration.ZERO),
        nanos::get,
        stops::incrementAndGet);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aServerStopsOnceWhenItWasIdleAndEmptyForThatTime() {
    try (IdleStop idle = idleStop()) {
      pass(Duration.ofSeconds(59));
      idle.look();
      assertThat(stops).hasValue(0);
      pass(Duration.ofSeconds(1));
      idle.look();
      idle.look();
      assertThat(stops).hasValue(1);
    }
  }

  @Test
  void aConnectionAndAJobKeepItRunning() {
    try (IdleStop idle = idleStop()) {
      connections.set(1);
      pass(Duration.ofMinutes(5));
      idle.look();
      connections.set(0);
      running.set(1);
      pass(Duration.ofMinutes(5));
      idle.look();
      running.set(0);
      pass(Duration.ofSeconds(59));
      idle.look();
      assertThat(stops).hasValue(0);
      pass(Duration.ofSeconds(1));
      idle.look();
      assertThat(stops).hasValue(1);
    }
  }

  @Test
  void aTimeThatIsTooShortIsRefusedByName() {
    assertThatThrownBy(() -> new LocalServerProperties(Duration.ZERO, new Stdio(null)))
        .hasMessageContaining("longhaul.idle-stop");
  }
}
