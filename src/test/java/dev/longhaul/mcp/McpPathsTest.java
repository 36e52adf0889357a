package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class McpPathsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"mcp", "/", "/mcp/", "/m cp", "/*", "//mcp", "/mcp/../api", "/mcp;x", "/%6dcp"})
  void aPathThatCouldBeReadInAnotherWayIsRefused(String path) {
    for (String name : new String[] {"path", "sse.path", "sse.message-path"}) {
      String setting = "longhaul.mcp." + name;
      assertThatThrownBy(() ->
              new Binder(new MapConfigurationPropertySource(Map.of(setting, path)))
                  .bindOrCreate("longhaul.mcp", McpProperties.class))
          .rootCause()
          .hasMessageContaining(setting + " must start with /");
    }
  }
}
