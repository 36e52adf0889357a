package dev.longhaul.catalog.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Tools;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GeneratedSchemasTest {
  private static ObjectNode shortened(String which, String schema, boolean answering) {
    ObjectNode description = Tools.object("{\"" + which + "\":" + schema + "}");
    GeneratedSchemas.shorten(description, answering, JsonMapper.shared());
    return (ObjectNode) description.path(which);
  }

  @Test
  void theDialectThatIsAssumedNumberFormatsAndEmptyListsGo() {
    assertThat(
            shortened(
                "inputSchema",
                """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                 "properties": {"many": {"type": "array", "items": {
                   "type": "integer", "format": "int32", "description": "How many"}}},
                 "required": []}
                """,
                false))
        .isEqualTo(
            Tools.object(
                """
                {"type": "object", "properties": {"many": {"type": "array", "items": {
                   "type": "integer", "description": "How many"}}}}
                """));
  }

  @Test
  void whatSaysSomethingStays() {
    String schema =
        """
        {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
         "properties": {
           "format": {"type": "string", "enum": ["int32", "date"], "default": "int32"},
           "required": {"type": "boolean"},
           "when": {"type": "string", "format": "date-time"},
           "given": {"type": "object", "default": {"format": "int32", "required": []}}},
         "required": ["when"]}
        """;
    assertThat(shortened("inputSchema", schema, true)).isEqualTo(Tools.object(schema));
  }

  @Test
  void ofAnAnswerOnlyTheDataIsDescribedAndDefinitionsOfTheRestGo() {
    assertThat(
            shortened(
                "outputSchema",
                """
                {"$defs": {"Map": {"type": "object"}, "a/b": {"type": "string"}},
                 "type": "object", "properties": {
                   "summary": {"type": "string"},
                   "data": {"type": "object", "properties": {"name": {"$ref": "#/$defs/a~1b"}}},
                   "counts": {"$ref": "#/$defs/Map"},
                   "errors": {"type": "array", "items": {"type": "object", "properties": {
                     "code": {"type": "string"}}}}}}
                """,
                true))
        .isEqualTo(
            Tools.object(
                """
                {"$defs": {"a/b": {"type": "string"}},
                 "type": "object", "properties": {
                   "summary": {"type": "string"},
                   "data": {"type": "object", "properties": {"name": {"$ref": "#/$defs/a~1b"}}},
                   "counts": {"type": "object"},
                   "errors": {"type": "array"}}}
                """));
  }
}
