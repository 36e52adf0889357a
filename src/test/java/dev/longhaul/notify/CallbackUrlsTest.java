package dev.longhaul.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.outbound.AddressGuard;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackUrlsTest {
  private static final List<String> SECRET = List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

  private static CallbackUrls urls(boolean http, String... hosts) {
    return new CallbackUrls(
        new NotificationProperties.Webhook(SECRET, null, List.of(hosts), http), new AddressGuard());
  }

  @Test
  void withoutASecretOrAHostWebhooksAreOffAndTheErrorNamesTheSetting() {
    var none =
        new CallbackUrls(
            new NotificationProperties.Webhook(List.of(), null, List.of("*"), false),
            new AddressGuard());
    assertThat(none.problem("https://a.example.com/").orElseThrow())
        .contains("longhaul.notifications.webhook.secrets");
    assertThat(urls(false).problem("https://a.example.com/").orElseThrow())
        .contains("longhaul.notifications.webhook.allowed-hosts");
  }

  @ParameterizedTest
  @CsvSource({
    "hooks.example.com,https://hooks.example.com/x?y=z,true",
    "hooks.example.com,https://HOOKS.example.com:8443/,true",
    "hooks.example.com,https://evil.example.com/,false",
    "hooks.example.com,https://hooks.example.com.evil.org/,false",
    "hooks.example.com:8443,https://hooks.example.com:8443/,true",
    "hooks.example.com:8443,https://hooks.example.com/,false",
    "hooks.example.com:443,https://hooks.example.com/,true",
    "*.example.com,https://a.b.example.com/,true",
    "*.example.com,https://example.com/,false",
    "*.example.com,https://badexample.com/,false",
    "*,https://anything.example.net/,true",
    "*,https://93.184.215.14/,true",
    "*,https://127.0.0.1/,false",
    "*,https://10.0.0.8/,false",
    "*,https://169.254.169.254/latest/meta-data,false",
    "*,https://[::1]/,false",
    "*,https://[::ffff:127.0.0.1]/,false",
    "*,https://[fd00::1]/,false",
    "*,https://2130706433/,false",
    "*,https://0x7f.1/,false",
    "127.0.0.1,https://127.0.0.1/,true",
    "10.0.0.8:8443,https://10.0.0.8:8443/,true",
    "10.0.0.8:8443,https://10.0.0.8:9999/,false",
    "[::1]:8443,https://[::1]:8443/,true"
  })
  void onlyAllowedHostsAndPrivateAddressesOnlyByName(String allowed, String url, boolean ok) {
    assertThat(urls(false, allowed).problem(url).isEmpty()).as(url).isEqualTo(ok);
  }

  @Test
  void httpNeedsItsSetting() {
    assertThat(urls(false, "*").problem("http://a.example.com/").orElseThrow())
        .contains("longhaul.notifications.webhook.allow-http");
    assertThat(urls(true, "*").problem("http://a.example.com/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a.example.com", "a b", "", "*.", "a.example.com/path", "a:b"})
  void whatIsNoHostStopsTheStart(String entry) {
    assertThatThrownBy(() -> new AllowedTargets(List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longhaul.notifications.webhook.allowed-hosts");
  }

  @Test
  void aWildcardDoesNotOpenTheOtherPortsOfAHostThatIsNamedWithOne() {
    var allowed = new AllowedTargets(List.of("*", "*.example.com", "a.example.com:8443"));

    assertThat(allowed.allows(URI.create("https://a.example.com:8443/"))).isTrue();
    assertThat(allowed.allows(URI.create("https://a.example.com/"))).isFalse();
    assertThat(allowed.allows(URI.create("https://b.example.com/"))).isTrue();
  }
}
