package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class ResultPropertiesTest {
  private static final ResultProperties DEFAULTS = Settings.defaults(ResultProperties.class);

  @Test
  void defaults() {
    assertThat(DEFAULTS)
        .isEqualTo(
            new ResultProperties(
                Duration.ofHours(1),
                Duration.ofHours(2),
                DataSize.ofKilobytes(100),
                Duration.ofMinutes(30),
                DataSize.ofMegabytes(1),
                Duration.ofMinutes(5),
                Duration.ofDays(7),
                DataSize.ofKilobytes(64)));
  }

  @Test
  void names() {
    assertThat(Settings.names(ResultProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.results.ttl",
            "longhaul.results.status-ttl",
            "longhaul.results.large-size",
            "longhaul.results.large-ttl",
            "longhaul.results.huge-size",
            "longhaul.results.huge-ttl",
            "longhaul.results.dead-ttl",
            "longhaul.results.compress-size");
  }

  @Test
  void theLargerAResultTheShorterItIsKept() {
    assertThat(DEFAULTS.ttlOf(100 * 1024)).isEqualTo(Duration.ofHours(1));
    assertThat(DEFAULTS.ttlOf(100 * 1024 + 1)).isEqualTo(Duration.ofMinutes(30));
    assertThat(DEFAULTS.ttlOf(1024 * 1024)).isEqualTo(Duration.ofMinutes(30));
    assertThat(DEFAULTS.ttlOf(1024 * 1024 + 1)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aLargeResultIsNeverKeptLongerThanASmallOne() {
    var shortly = Settings.of(ResultProperties.class, Map.of("longhaul.results.ttl", "1m"));
    assertThat(shortly.ttlOf(10)).isEqualTo(Duration.ofMinutes(1));
    assertThat(shortly.ttlOf(1024 * 1024)).isEqualTo(Duration.ofMinutes(1));
    assertThat(shortly.ttlOf(2 * 1024 * 1024)).isEqualTo(Duration.ofMinutes(1));
  }
}
