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
                "1000",
                null,
                Duration.ofSeconds(5),
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
                "high",
                "fast",
                Duration.ofSeconds(5),
                256))
        .hasMessageContaining("longhaul.intake.caller-rate is 'fast'")
        .hasMessageContaining("10/s");
  }

  @Test
  void aPriorityThatIsNoneStopsTheStartWithTheNameOfItsSetting() {
    assertThatThrownBy(() ->
            new IntakeProperties(
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofDays(7),
                Duration.ofDays(7),
                "vip",
                null,
                Duration.ofSeconds(5),
                256))
        .hasMessageContaining("longhaul.intake.max-priority is 'vip'");
  }

  @Test
  void names() {
    assertThat(Settings.names(IntakeProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.intake.max-timeout",
            "longhaul.intake.retry-until",
            "longhaul.intake.max-delay",
            "longhaul.intake.max-deadline",
            "longhaul.intake.max-priority",
            "longhaul.intake.caller-rate",
            "longhaul.intake.poll-interval",
            "longhaul.intake.inline-threads");
  }
}
