package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.mcp.wire.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The clients' rule: structured content is checked against the schema that tools/list showed. */
class OperationSchemaTest {
  private static final String OWN =
      """
      {"type": "object", "$defs": {"row": {"type": "integer"}},
       "properties": {"rows": {"type": "array", "items": {"$ref": "#/$defs/row"}}},
       "required": ["rows"], "additionalProperties": false}
      """;
  private static final String OPERATION =
      """
      {"operation_id": "x", "status": "running", "status_url": "http://localhost/x",
       "next": {"tool": "continue_operation", "arguments": {}}}
      """;

  @Test
  void bothTheToolsOwnResultAndAnOperationFit() {
    ObjectNode wide = OperationSchema.widened(Json.object(OWN)).orElseThrow();
    assertThat(fits(wide, "{\"rows\": [1, 2]}")).isTrue();
    assertThat(fits(wide, OPERATION)).isTrue();
    assertThat(fits(wide, "{\"rows\": [\"a\"]}")).isFalse();
    assertThat(fits(wide, "{}")).isFalse();
    assertThat(wide.path("type").asString()).isEqualTo("object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}}}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/properties/b\"},\"b\":{}}}",
        "{\"type\":\"object\",\"$defs\":{\"a\":{\"$ref\":\"other.json\"}}}",
        "{\"$id\":\"https://example.com/a\",\"type\":\"object\"}"
      })
  void aSchemaWhoseReferencesWouldChangeTheirMeaningIsNotWidened(String own) {
    assertThat(OperationSchema.widened(Json.object(own))).isEmpty();
  }

  private static boolean fits(ObjectNode schema, String json) {
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema.toString(), InputFormat.JSON);
    return compiled.validate(json, InputFormat.JSON).isEmpty();
  }
}
