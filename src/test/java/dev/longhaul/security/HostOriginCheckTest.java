package dev.longhaul.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HostOriginCheckTest {
  private static final HttpProperties DEFAULTS =
      new Binder(new MapConfigurationPropertySource())
          .bindOrCreate("longhaul.http", HttpProperties.class);

  private final HostOriginCheck doorkeeper = new HostOriginCheck(DEFAULTS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "LOCALHOST:8080",
        "localhost.",
        "localhost.:8080",
        "127.0.0.1:9",
        "[::1]",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]:8080"
      })
  void namesOfThisMachineAreServedOnEveryPort(String host) {
    assertThat(doorkeeper.refuses(List.of(host), List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "evil.example:80@localhost",
        "localhost:8080:1",
        "localhost:x",
        "localhost:99999",
        "localhost..",
        "127.0.0.1.nip.io",
        "[::2]",
        "[::1",
        "::1",
        "",
        " localhost",
        "localhost/",
        "http://localhost"
      })
  void otherAndMalformedHostsAreRefused(String host) {
    assertThat(doorkeeper.refuses(List.of(host), List.of()))
        .hasValueSatisfying(refusal -> {
          assertThat(refusal.code()).isEqualTo("host-not-allowed");
          assertThat(refusal.detail()).contains("longhaul.http.allowed-hosts");
        });
  }

  @Test
  void aRequestNeedsExactlyOneHost() {
    assertThat(doorkeeper.refuses(List.of(), List.of())).isPresent();
    assertThat(doorkeeper.refuses(List.of("localhost", "localhost"), List.of())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "http://localhost:3000",
        "https://localhost:8443",
        "HTTP://LOCALHOST:1",
        "http://127.0.0.1:5173",
        "http://[::1]:5173"
      })
  void pagesOfThisMachineMayCall(String origin) {
    assertThat(doorkeeper.refuses(List.of("localhost"), List.of(origin))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "https://evil.example",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "http://localhost/",
        "file://localhost",
        "chrome-extension://abc",
        "localhost"
      })
  void c2_otherPagesMayNot(String origin) {
    assertThat(doorkeeper.refuses(List.of("localhost"), List.of(origin)))
        .hasValueSatisfying(refusal -> {
          assertThat(refusal.code()).isEqualTo("origin-not-allowed");
          assertThat(refusal.detail()).contains("longhaul.http.allowed-origins");
        });
  }

  @Test
  void c2_oneBadOriginAmongSeveralIsEnough() {
    assertThat(
            doorkeeper.refuses(
                List.of("localhost"), List.of("http://localhost", "https://evil.example")))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "jobs.example.com,https://jobs.example.com,true",
    "jobs.example.com:8443,https://jobs.example.com:8443,true",
    "jobs.example.com:8443,https://jobs.example.com,false",
    "localhost:8080,https://app.example.com,true",
    "localhost:8080,https://app.example.com:443,true",
    "localhost:8080,http://app.example.com,false",
    "localhost:8080,https://app.example.com:444,false",
    "only.example.com:81,,true",
    "only.example.com:82,,false"
  })
  void theOperatorsNamesAreServedAndTheirOwnPagesMayCall(
      String host, String origin, boolean served) {
    var own =
        new HostOriginCheck(
            new HttpProperties(
                List.of("localhost", "jobs.example.com", "only.example.com:81"),
                List.of("https://app.example.com")));

    List<String> origins = origin == null ? List.of() : List.of(origin);
    assertThat(own.refuses(List.of(host), origins).isEmpty()).isEqualTo(served);
  }

  @Test
  void aStarServesEveryHostButVouchesForNoPage() {
    var open = new HostOriginCheck(new HttpProperties(List.of("*"), List.of()));

    assertThat(open.refuses(List.of("10.1.2.3:8080"), List.of())).isEmpty();
    assertThat(open.refuses(List.of("evil.example"), List.of("http://evil.example"))).isPresent();
    assertThat(open.refuses(List.of(), List.of())).isPresent();
  }

  @Test
  void aPodMayNameItsAddressWithoutBrackets() {
    var pod = new HostOriginCheck(new HttpProperties(List.of("fd00::12"), List.of()));

    assertThat(pod.refuses(List.of("[fd00::12]:8080"), List.of())).isEmpty();
  }

  @Test
  void settingsThatAreNoHostOrOriginAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new HostOriginCheck(new HttpProperties(List.of("http://localhost"), List.of())))
        .withMessageContaining("longhaul.http.allowed-hosts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HostOriginCheck(new HttpProperties(List.of(), List.of("localhost"))))
        .withMessageContaining("longhaul.http.allowed-origins");
  }
}
