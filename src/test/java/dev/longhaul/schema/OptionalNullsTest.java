package dev.longhaul.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class OptionalNullsTest {
  private static ObjectNode dropped(String properties, String arguments) {
    ObjectNode schema =
        Tools.object(
            "{\"type\":\"object\",\"properties\":"
                + properties
                + ",\"required\":[\"r\"],\"$defs\":{\"text\":{\"type\":\"string\"}}}");
    return OptionalNulls.dropped(schema, Tools.object(arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"string\"}",
        "{\"type\":[\"string\",\"integer\"]}",
        "{\"enum\":[\"a\",\"b\"]}",
        "{\"const\":1}",
        "{\"$ref\":\"#/$defs/text\"}",
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}",
        "{\"allOf\":[{},{\"type\":\"string\"}]}",
        "false"
      })
  void nullForAnOptionalArgumentIsLeftOutWhereTheSchemaDoesNotTakeIt(String property) {
    assertThat(dropped("{\"a\":" + property + "}", "{\"a\":null,\"b\":1}"))
        .isEqualTo(Tools.object("{\"b\":1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "true",
        "{\"type\":[\"string\",\"null\"]}",
        "{\"type\":\"string\",\"nullable\":true}",
        "{\"enum\":[\"a\",null]}",
        "{\"const\":null}",
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
        "{\"$ref\":\"#/properties/a\"}"
      })
  void nullStaysWhereTheSchemaTakesItOrCannotBeFollowed(String property) {
    assertThat(dropped("{\"a\":" + property + "}", "{\"a\":null}").has("a")).isTrue();
  }

  @Test
  void aRequiredArgumentAndOneThatTheSchemaDoesNotNameKeepTheirNull() {
    ObjectNode arguments = Tools.object("{\"r\":null,\"other\":null}");
    assertThat(dropped("{\"r\":{\"type\":\"string\"}}", arguments.toString())).isEqualTo(arguments);
  }

  @Test
  void objectsAndListsThatTheSchemaDescribesAreReadAsWell() {
    String jobs =
        """
        {"jobs": {"type": "array", "items": {"type": "object", "properties": {
          "tool": {"type": "string"}, "priority": {"type": "string"},
          "arguments": {"type": "object"}}}}}
        """;
    assertThat(
            dropped(
                jobs, "{\"jobs\":[{\"tool\":\"t\",\"priority\":null,\"arguments\":{\"x\":null}}]}"))
        .isEqualTo(Tools.object("{\"jobs\":[{\"tool\":\"t\",\"arguments\":{\"x\":null}}]}"));
  }
}
