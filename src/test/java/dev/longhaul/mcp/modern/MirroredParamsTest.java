package dev.longhaul.mcp.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.MirroredParams;
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
}
