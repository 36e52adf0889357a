package dev.longhaul.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                Duration.ofDays(7),
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                256));
  }

  @Test
  void aRateThatIsNoneStopsTheStartWithTheNameOfItsSetting() {
    assertThatThrownBy(() ->
            new IntakeProperties(
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofDays(7),
                Duration.ofDays(7),
                "fast",
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                256))
        .hasMessageContaining("longhaul.intake.caller-rate is 'fast'")
        .hasMessageContaining("10/s");
  }

  @Test
  void names() {
    assertThat(Settings.names(IntakeProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.intake.max-timeout",
            "longhaul.intake.retry-until",
            "longhaul.intake.max-delay",
            "longhaul.intake.max-deadline",
            "longhaul.intake.caller-rate",
            "longhaul.intake.poll-interval",
            "longhaul.intake.waiter-lease");
  }
}
