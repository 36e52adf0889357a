package dev.longhaul.intake.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.cache.CacheProperties.ResourceRule;
import dev.longhaul.testing.Settings;
import dev.longhaul.tool.CacheScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** The settings of the cache. */
class CachePropertiesTest {

  @ParameterizedTest
  @CsvSource({
    "report://a, report://a, true",
    "report://a, report://ab, false",
    "report://*, report://, true",
    "report://*, report://a/b, true",
    "report://*, other://a, false",
    "*, anything, true",
    "a*b*c, abc, true",
    "a*b*c, a1b2b3c, true",
    "a*b*c, acb, false",
    "a*a, a, false",
    "a*a, aa, true",
    "a*bc*c, abc, false",
    "r.port://x, report://x, false",
  })
  void aStarStandsForAnyCharacters(String rule, String uri, boolean fits) {
    var rules = Settings.of(CacheProperties.class, Map.of("longhaul.cache.resources[0].uri", rule));
    assertThat(rules.rule(uri).isPresent()).isEqualTo(fits);
  }

  @Test
  void theFirstRuleThatFitsCounts() {
    var properties =
        Settings.of(
            CacheProperties.class,
            Map.of(
                "longhaul.cache.resources[0].uri", "report://live/*",
                "longhaul.cache.resources[0].time", "1s",
                "longhaul.cache.resources[1].uri", "report://*",
                "longhaul.cache.resources[1].scope", "shared"));
    assertThat(properties.rule("report://live/1").orElseThrow())
        .isEqualTo(new ResourceRule("report://live/*", Duration.ofSeconds(1), CacheScope.CALLER));
    assertThat(properties.rule("report://1").orElseThrow())
        .isEqualTo(new ResourceRule("report://*", Duration.ofMinutes(5), CacheScope.SHARED));
    assertThat(properties.rule("other://1")).isEmpty();
  }

  @Test
  void theDefaultsAreThoseOfTheManual() {
    assertThat(Settings.defaults(CacheProperties.class))
        .isEqualTo(
            new CacheProperties(
                Duration.ofMinutes(5),
                DataSize.ofMegabytes(10),
                Duration.ofSeconds(30),
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(1),
                Duration.ZERO,
                List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "time, 0s",
    "memory-time, -1s",
    "redis-timeout, 0s",
    "lists, -1s",
    "memory, -1",
    "max-entry, 0",
    "max-entry, 65MB",
    "resources[0].time, 5s",
  })
  void valuesThatMakeNoSenseAreRefusedByName(String setting, String value) {
    String name = setting.startsWith("resources") ? "longhaul.cache.resources" : setting;
    assertThatThrownBy(
            () -> Settings.of(CacheProperties.class, Map.of("longhaul.cache." + setting, value)))
        .rootCause()
        .hasMessageContaining(name);
  }
}
