package dev.longhaul.mcp;

import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Base of the tests of the endpoint over HTTP: one shared server with short times. */
@SpringBootTest(
    classes = McpTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.mcp.grace=100ms",
      "longhaul.mcp.quiet=50ms",
      "longhaul.mcp.keep-alive=50ms",
      "longhaul.mcp.leave-grace=1s",
      "longhaul.mcp.hold=20s",
      "longhaul.mcp.clients.impatient.hold=100ms",
      "longhaul.mcp.clients.terse.hold=100ms",
      "longhaul.mcp.clients.terse.wording=Ask for {operation_id} later.",
      "longhaul.mcp.completion-rate=1000/h",
      "longhaul.mcp.max-request-size=64KB",
      "longhaul.mcp.page-size=3",
      "longhaul.mcp.event-log.max-messages=20",
      "longhaul.mcp.listen.max-entries=4",
      "longhaul.mcp.listen.max-streams=2"
    })
abstract class McpTest {
  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    // Computed once: a supplier is called at every read of the property.
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
  }

  @LocalServerPort private int port;
  @Autowired protected FakeIntake intake;
  protected McpHttp http;

  @BeforeEach
  void connect() {
    http = new McpHttp(port);
    intake.forgetAll();
    intake.submitted.clear();
    intake.abandoned.clear();
    intake.submissions.clear();
  }
}
