package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Tools;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions on arguments. */
class CacheConditionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/year exists | {\"year\": 2025} | true",
        "/year exists | {\"year\": null} | false",
        "/year absent | {} | true",
        "/year absent | {\"year\": 0} | false",
        "/year = 2025 | {\"year\": 2025.0} | true",
        "/year = 2025 | {\"year\": \"2025\"} | false",
        "/year = 2025 | {} | false",
        "/year != 2025 | {} | true",
        "/year != 2025 | {\"year\": 2025} | false",
        "/year = 1e400 | {\"year\": 1} | false",
        "/state = closed | {\"state\": \"closed\"} | true",
        "/state = \"closed\" | {\"state\": \"closed\"} | true",
        "/state =closed and done | {\"state\": \"closed and done\"} | true",
        "/list/1 = {\"a\":[1]} | {\"list\": [0, {\"a\": [1]}]} | true",
        "/a~1b = true | {\"a/b\": true} | true",
      })
  void holdsOrNot(String condition, String arguments, boolean holds) {
    assertThat(CacheCondition.of(condition).holds(Tools.object(arguments))).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/year", "year = 1", "/year > 1", "/year =", "/year exists 1"})
  void whatIsNoConditionIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> CacheCondition.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/year != 2026");
  }
}
