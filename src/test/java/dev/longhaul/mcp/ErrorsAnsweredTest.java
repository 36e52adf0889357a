package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** An {@link Error} inside the server gives an error response, on every revision. */
@Timeout(60)
class ErrorsAnsweredTest extends McpTest {
  private static final String ARGUMENTS = "{\"overflow\":1}";

  private static ObjectNode params() {
    return McpHttp.callParams("quick", ARGUMENTS);
  }

  @Test
  void onTheNewestRevision() {
    assertThat(http.modernCall("quick", ARGUMENTS).send().code())
        .isEqualTo(ErrorCode.INTERNAL_ERROR);
  }

  @Test
  void inASession() {
    String session = http.initialize("2025-11-25", "test");

    assertThat(http.legacy(session, "tools/call", params()).send().code())
        .isEqualTo(ErrorCode.INTERNAL_ERROR);
  }

  @Test
  void inABatch() {
    String session = http.initialize("2025-03-26", "test");
    String batch = "[" + McpHttp.request(1, "tools/call", params()) + "]";

    var answers = http.raw(batch).header("Mcp-Session-Id", session).send().json();

    assertThat(answers.at("/0/error/code").asInt()).isEqualTo(ErrorCode.INTERNAL_ERROR);
  }

  @Test
  void onTheStreamOf2024() {
    try (var stream = http.at("/sse").raw("").method("GET").header("Content-Type", null).open()) {
      McpHttp posts = http.at(stream.event().data());
      posts.raw(McpHttp.request(7, "tools/call", params()).toString()).send();

      var answer = stream.event().json();

      assertThat(answer.path("id").asInt()).isEqualTo(7);
      assertThat(answer.at("/error/code").asInt()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    }
  }

  @Test
  void butMemoryThatIsGoneIsNot() {
    assertThatThrownBy(() -> Failures.of(new OutOfMemoryError("thrown by the test")))
        .isInstanceOf(OutOfMemoryError.class);
  }
}
