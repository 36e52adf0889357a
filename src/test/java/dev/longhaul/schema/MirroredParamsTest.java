package dev.longhaul.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.longhaul.mcp.wire.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirroredParamsTest {

  @Test
  void d12_d16_nestedPropertiesAreReachedThroughPropertiesAlone() {
    MirroredParams params =
        MirroredParams.of(
            Json.tree(
                """
                {"type":"object","properties":{"at":{"type":"object","properties":
                {"zone":{"type":"string","x-mcp-header":"Zone"}}}}}
                """));
    Map<String, String> headers = Map.of("Mcp-Param-Zone", "eu");
    assertThat(params.mismatch(Json.tree("{\"at\":{\"zone\":\"eu\"}}"), headers::get)).isEmpty();
    assertThat(params.mismatch(Json.tree("{\"at\":{\"zone\":\"us\"}}"), headers::get)).isPresent();
    assertThat(params.mismatch(Json.tree("{}"), headers::get)).isPresent();
    assertThat(params.mismatch(Json.tree("{}"), name -> null)).isEmpty();
  }

  @Test
  void aPropertyMayBeCalledLikeTheAnnotation() {
    String schema = "{\"type\":\"object\",\"properties\":{\"x-mcp-header\":{\"type\":\"string\"}}}";
    assertThat(MirroredParams.of(Json.tree(schema)).params()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"a b\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":5}}}",
        "{\"properties\":{\"a\":{\"type\":\"number\",\"x-mcp-header\":\"A\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},"
            + "\"b\":{\"type\":\"string\",\"x-mcp-header\":\"a\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"array\",\"items\":"
            + "{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}}",
        "{\"anyOf\":[{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}]}",
        "{\"type\":\"object\",\"x-mcp-header\":\"A\"}"
      })
  void d16_annotationsThatBreakTheRulesAreRefused(String schema) {
    assertThatIllegalArgumentException().isThrownBy(() -> MirroredParams.of(Json.tree(schema)));
  }

  @Test
  void theHeadersOfACallAreMadeFromItsArguments() {
    MirroredParams params =
        MirroredParams.of(
            Json.tree(
                """
                {"type":"object","properties":{
                "zone":{"type":"string","x-mcp-header":"Zone"},
                "level":{"type":"integer","x-mcp-header":"Level"},
                "dry":{"type":"boolean","x-mcp-header":"Dry"},
                "none":{"type":"string","x-mcp-header":"None"},
                "at":{"type":"object","properties":{"city":{"type":"string","x-mcp-header":"City"}}}}}
                """));
    assertThat(
            params.headers(
                Json.tree(
                    """
                    {"zone":"eu","level":1e2,"dry":true,"none":null,"at":{"city":"Zürich"},"more":1}
                    """)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Mcp-Param-Zone", "eu",
                "Mcp-Param-Level", "100",
                "Mcp-Param-Dry", "true",
                "Mcp-Param-City", "=?base64?WsO8cmljaA==?="));
  }
}
