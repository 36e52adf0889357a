package dev.longhaul.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationPropertiesTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @Test
  void everyDefaultIsAsDocumented() {
    var settings = Settings.defaults(NotificationProperties.class);
    assertThat(settings.attempts()).isEqualTo(3);
    assertThat(settings.backoff()).containsExactly(Duration.ofMinutes(1));
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.queue()).isEqualTo("default");
    assertThat(settings.concurrency()).isEqualTo(20);
    assertThat(settings.channels()).isEmpty();
    assertThat(settings.maxResult().toKilobytes()).isEqualTo(16);
    assertThat(settings.webhook().secrets()).isEmpty();
    assertThat(settings.webhook().allowedHosts()).isEmpty();
    assertThat(settings.webhook().allowHttp()).isFalse();
    assertThat(settings.retryUntil()).isEqualTo(Duration.ofDays(1).plusMinutes(3).plusSeconds(30));
  }

  @Test
  void everyNameIsAsDocumented() {
    assertThat(Settings.names(NotificationProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.notifications.attempts",
            "longhaul.notifications.backoff",
            "longhaul.notifications.timeout",
            "longhaul.notifications.queue",
            "longhaul.notifications.concurrency",
            "longhaul.notifications.channels",
            "longhaul.notifications.max-result",
            "longhaul.notifications.webhook.secrets",
            "longhaul.notifications.webhook.secrets-file",
            "longhaul.notifications.webhook.allowed-hosts",
            "longhaul.notifications.webhook.allow-http");
  }

  @Test
  void secretsAreNotShown() {
    var settings =
        Settings.of(
            NotificationProperties.class, Map.of("longhaul.notifications.webhook.secrets", SECRET));
    assertThat(settings.webhook().secrets()).isEqualTo(List.of(SECRET));
    assertThat(settings.toString()).contains("secrets=1").doesNotContain(SECRET.substring(6));
  }

  @ParameterizedTest
  @CsvSource({
    "attempts,0",
    "attempts,101",
    "backoff,-1s",
    "timeout,0s",
    "timeout,6m",
    "concurrency,0",
    "max-result,11MB",
    "webhook.secrets,short",
    "webhook.allowed-hosts,https://a.example.com"
  })
  void whatMakesNoSenseStopsTheStart(String name, String value) {
    assertThatThrownBy(() ->
            Settings.of(
                NotificationProperties.class, Map.of("longhaul.notifications." + name, value)))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .rootCause()
        .hasMessageContaining("longhaul.notifications." + name);
  }
}
