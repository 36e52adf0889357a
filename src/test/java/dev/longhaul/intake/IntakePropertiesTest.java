package dev.longhaul.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntakePropertiesTest {
  @Test
  void defaults() {
    assertThat(Settings.defaults(IntakeProperties.class))
        .isEqualTo(
            new IntakeProperties(
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofDays(7),
                Duration.ofSeconds(5)));
  }

  @Test
  void names() {
    assertThat(Settings.names(IntakeProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.intake.max-timeout",
            "longhaul.intake.retry-until",
            "longhaul.intake.max-delay",
            "longhaul.intake.poll-interval");
  }
}
