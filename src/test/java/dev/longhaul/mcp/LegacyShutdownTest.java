package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A stopping process also hands the calls of clients of 2024-11-05 over. */
@Timeout(180)
class LegacyShutdownTest {

  @Test
  void r3_aCallIsHandedOverOnTheStreamBeforeThatEnds() throws Exception {
    try (Replicas replicas =
        new Replicas(1, LegacyToolbox.class, "--longhaul.role=api", "--longhaul.mcp.hold=100s")) {
      try (Stream stream = replicas.get(0).at("/sse").raw("").method("GET").open()) {
        McpHttp posts = replicas.get(0).at(stream.event().data());
        var params = Replies.object().put("protocolVersion", "2024-11-05");
        params.putObject("capabilities");
        posts.raw(McpHttp.request(1, "initialize", params).toString()).send();
        stream.event();
        posts
            .raw(
                McpHttp.request(2, "tools/call", McpHttp.callParams("wait_for_test", "{}"))
                    .toString())
            .send();
        // Sent after the call, and answered while the call is held.
        posts.raw(McpHttp.request(3, "ping", Replies.object()).toString()).send();
        assertThat(stream.event().json().path("id").asInt()).isEqualTo(3);

        // Not in the common pool: it may have only one thread, which Lettuce needs to connect.
        Thread stopped = Thread.ofPlatform().start(() -> replicas.stop(0));
        JsonNode handedOver = stream.event().json();
        assertThat(handedOver.path("id").asInt()).isEqualTo(2);
        assertThat(handedOver.path("result").path("structuredContent").has("operation_id"))
            .isTrue();
        assertThat(stream.ended()).isTrue();
        assertThat(stopped.join(Duration.ofMinutes(2))).isTrue();
      }
    }
  }
}
