package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlowPropertiesTest {
  @Test
  void defaults() {
    assertThat(Settings.defaults(FlowProperties.class))
        .isEqualTo(new FlowProperties(100_000, Duration.ofHours(1)));
  }

  @Test
  void names() {
    assertThat(Settings.names(FlowProperties.class))
        .containsExactlyInAnyOrder("longhaul.flows.max-children", "longhaul.flows.max-staging");
  }
}
