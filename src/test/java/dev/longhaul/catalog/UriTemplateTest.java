package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriTemplateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test://{id} | test://7 | {id=7}",
        "test://{a}/{b}/x | test://1/2/x | {a=1, b=2}",
        // As with a greedy pattern, ambiguous text belongs to the first variable.
        "test://{a}-{b} | test://1-2-3 | {a=1-2, b=3}",
        "test://{a}.json | test://x.json.json | {a=x.json}",
        "test://{a} | test://a%2Fb?q=1 | {a=a%2Fb?q=1}",
        "test://{a}{?x,y} | test://1 | {a=1}",
        "test://{a}{?x,y} | test://1?y=2&x= | {a=1, x=, y=2}",
        "test://fixed | test://fixed | {}"
      })
  void whatFitsGivesItsValues(String template, String uri, String values) {
    assertThat(new TreeMap<>(UriTemplate.of(template).match(uri).orElseThrow()).toString())
        .isEqualTo(values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test://{id} | test://",
        "test://{id} | test://a/b",
        "test://{id}/x | test://a",
        "test://{a}/{b} | test://1/",
        "test://{a}-{b} | test://12",
        "test://{a}{?x} | test://1?z=2",
        "test://{a}{?x} | test://1?x=1&x=2",
        "test://fixed | test://fixed/"
      })
  void whatDoesNotFitGivesNothing(String template, String uri) {
    assertThat(UriTemplate.of(template).match(uri)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"test://{a}{b}", "test://{a}/{a}", "test://{+path}", "test://{a", "test://a}"})
  void whatCannotBeServedIsRefused(String template) {
    assertThatThrownBy(() -> UriTemplate.of(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(template);
  }

  @Test
  void aLongUriIsMatchedInOnePass() {
    // A pattern would need cubic time: 10^15 steps.
    String uri = "test://" + "-".repeat(100_000) + "/";
    assertThat(UriTemplate.of("test://{a}-{b}-{c}-{d}!").match(uri)).isEmpty();
  }
}
