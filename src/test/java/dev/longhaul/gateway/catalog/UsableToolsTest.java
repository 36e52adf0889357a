package dev.longhaul.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Tools of upstreams that no client could use. */
class UsableToolsTest {

  private static ObjectNode tool(String input) {
    ObjectNode tool = Tools.object("{\"name\": \"t\"}");
    tool.set("inputSchema", Tools.JSON.readTree(input));
    return tool;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"object\"}",
        "{\"type\": \"object\", \"$defs\": {\"a\": {}}, \"properties\": {\"a\": {\"$ref\": \"#/$defs/a\"}}}",
        "{\"type\": \"object\", \"properties\": {\"$ref\": {\"type\": \"string\"}}}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"default\": {\"$ref\": \"http://a.example\"}}}}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\", \"x-mcp-header\": \"Region\"}}}"
      })
  void theseCanBeUsed(String input) {
    assertThat(UsableTools.problem(tool(input))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"array\"} | not the type object",
        "true | not the type object",
        "{} | not the type object",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"https://a.example/s.json\"}}} | $ref to another document",
        "{\"type\": \"object\", \"anyOf\": [{\"$ref\": \"other.json#/a\"}]} | $ref to another document",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\", \"x-mcp-header\": \"\"}}} | x-mcp-header",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"array\", \"x-mcp-header\": \"A\"}}} | x-mcp-header"
      })
  void theseAreLeftOut(String input, String reason) {
    assertThat(UsableTools.problem(tool(input)))
        .hasValueSatisfying(p -> assertThat(p).contains(reason));
  }

  @Test
  void aToolWithoutANameOrWithAStrangeOutputIsLeftOut() {
    assertThat(UsableTools.problem(Tools.object("{\"inputSchema\": {\"type\": \"object\"}}")))
        .contains("it has no name");
    ObjectNode output = tool("{\"type\": \"object\"}").put("outputSchema", "string");
    assertThat(UsableTools.problem(output)).contains("its outputSchema is no object");
    ObjectNode large = tool("{\"type\": \"object\"}").put("description", "x".repeat(300_000));
    assertThat(UsableTools.problem(large)).contains("its description is larger than 256 KB");
  }
}
