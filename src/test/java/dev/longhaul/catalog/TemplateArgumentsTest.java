package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.schema.Violations;
import dev.longhaul.testing.Tools;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TemplateArgumentsTest {
  private static final JsonNode PREVIOUS =
      Tools.JSON.readTree(
          "{\"n\":7,\"x\":0.5,\"yes\":true,\"no\":null,\"list\":[1,{\"a\":\"b\"}],\"s\":\"text\","
              + "\"a/b\":{\"c~d\":\"odd\"},\"t\":\"{{previous#/n}}\"}");
  private static final JsonNode FIRST = Tools.JSON.readTree("\"of the first\"");

  private static JsonNode filled(String json) {
    return new TemplateArguments(source ->
        switch (source) {
          case Template.Previous _ -> PREVIOUS;
          case Template.Step(int number) when number == 1 -> FIRST;
          case Template.Step _, Template.OfFlow _ -> throw new TemplateException("none");
        })
        .filled(Tools.JSON.readTree(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{previous#/n}} | 7",
        "{{ previous#/n }} | 7",
        "{{previous#/x}} | 0.5",
        "{{previous#/yes}} | true",
        "{{previous#/no}} | null",
        "{{previous#/list}} | [1,{\"a\":\"b\"}]",
        "{{previous#/list/1/a}} | \"b\"",
        "{{previous#/a~1b/c~0d}} | \"odd\"",
        "{{RESULT_FROM_PREVIOUS#/n}} | 7",
        "{{steps.1}} | \"of the first\"",
        "n is {{previous#/n}}, {{steps.1#}}! | \"n is 7, of the first!\"",
        "{{previous#/list}} inside | \"[1,{\\\"a\\\":\\\"b\\\"}] inside\"",
        "plain | \"plain\"",
        "{{{{previous}} | \"{{previous}}\"",
        "{ {x} } | \"{ {x} }\""
      })
  void aTemplateBecomesItsValue(String template, String expected) {
    JsonNode filled =
        filled("{\"deep\":[{\"v\":" + Tools.JSON.writeValueAsString(template) + "}]}");
    assertThat(filled.at("/deep/0/v").toString()).isEqualTo(expected);
  }

  @Test
  void theWholeResultIsTheWholeResult() {
    assertThat(filled("{\"all\":\"{{RESULT_FROM_PREVIOUS}}\"}").path("all")).isEqualTo(PREVIOUS);
  }

  @Test
  void whatWasPutInIsNoTemplate() {
    assertThat(filled("{\"v\":\"{{previous#/t}}\"}").path("v").asString())
        .isEqualTo("{{previous#/n}}");
    assertThat(filled("{\"v\":\"<{{previous#/t}}>\"}").path("v").asString())
        .isEqualTo("<{{previous#/n}}>");
  }

  @Test
  void aPointerToNothingIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> filled("{\"v\":\"{{previous#/list/9}}\"}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("/list/9");
  }

  @Test
  void argumentsCannotGrowWithoutBound() {
    JsonNode big = Tools.JSON.valueToTree("x".repeat(TemplateArguments.MOST_CHARS / 4));
    JsonNode five = Tools.JSON.valueToTree(List.of("{{previous}}".repeat(5)));
    assertThatThrownBy(() -> new TemplateArguments(source -> big).filled(five))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("larger than");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{previous",
        "{{}}",
        "{{result}}",
        "{{previous.x}}",
        "{{previous#x}}",
        "{{previous#/a~2}}",
        "{{steps.0}}",
        "{{steps.x#/a}}",
        "{{steps}}",
        "{{steps.99999999999}}"
      })
  void whatIsNoTemplateIsNamedWithItsPlace(String template) {
    Violations wrong = new Violations();
    JsonNode arguments = Tools.object("{}").set("a/b", Tools.JSON.valueToTree(List.of(template)));
    TemplateArguments.sources(arguments, wrong);
    assertThat(wrong.list())
        .singleElement()
        .satisfies(v -> {
          assertThat(v.path()).isEqualTo("/a~1b/0");
          assertThat(v.message()).isNotBlank();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"structuredContent\":{\"a\":1},\"content\":[]} | {\"a\":1}",
        "{\"content\":[{\"type\":\"text\",\"text\":\"42\"}]} | 42",
        "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\":true}\"}]} | {\"a\":true}",
        "{\"content\":[{\"type\":\"text\",\"text\":\"4 2\"}]} | \"4 2\"",
        "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]} | \"a\\nb\"",
        "{\"content\":[{\"type\":\"image\",\"data\":\"x\"}]} | [{\"type\":\"image\",\"data\":\"x\"}]"
      })
  void aResultIsItsStructuredContentOrItsText(String result, String expected) {
    assertThat(ResultValue.of(Tools.object(result)).value().toString()).isEqualTo(expected);
  }
}
