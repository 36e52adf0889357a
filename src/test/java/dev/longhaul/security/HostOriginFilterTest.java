package dev.longhaul.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The checks of Host and Origin on every front door, through real sockets. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"longhaul.standalone=true", "management.server.port=0"})
@DirtiesContext
class HostOriginFilterTest {
  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/jobs",
        "/api/v1/tools",
        "/%61pi/v1/tools",
        "/api;x=1/v1/tools",
        "/v3/api-docs",
        "/swagger-ui/index.html",
        "/nothing",
        "/"
      })
  void aStrangersNameIsRefusedEverywhere(String path) {
    assertThat(RawHttp.send(port, "GET " + path + " HTTP/1.1\nHost: evil.example"))
        .startsWith("HTTP/1.1 403")
        .contains("urn:longhaul:problem:host-not-allowed")
        .contains("longhaul.http.allowed-hosts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api;x=1/v1/tools",
        "/api/v1/queues/..;/pause",
        "/api/v1/queues/%2e%2E/pause",
        "/api/v1/./tools",
        "/api/v1/tools%3bx",
        "/nothing/../api/v1/tools"
      })
  void aPathThatCanBeReadInTwoWaysIsRefused(String path) {
    assertThat(RawHttp.send(port, "GET " + path + " HTTP/1.1\nHost: localhost"))
        .startsWith("HTTP/1.1 400")
        .contains("urn:longhaul:problem:ambiguous-path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/tools", "/swagger-ui/index.html", "/nothing", "/mcp"})
  void everyAnswerTellsBrowsersNeitherToGuessItsTypeNorToFrameIt(String path) {
    String answer = RawHttp.send(port, "GET " + path + " HTTP/1.1\nHost: localhost");

    assertThat(answer)
        .contains("X-Content-Type-Options: nosniff")
        .contains("Content-Security-Policy: frame-ancestors 'none'")
        .doesNotContain("Strict-Transport-Security");
  }

  @Test
  void behindTlsBrowsersAreToldToStayThere() throws Exception {
    var gate =
        new HostOriginFilter(
            new HostOriginCheck(new HttpProperties(List.of("localhost"), List.of())),
            new Cors(
                AllowedOrigins.parse(List.of()),
                new ServedPaths("/mcp", "/sse", "/messages", "/api/v1", "/actuator", true, true)),
            new RefusalWriter("/mcp"),
            false);
    var response = new MockHttpServletResponse();
    var request = new MockHttpServletRequest("GET", "/api/v1/tools");
    request.addHeader("Host", "localhost");
    request.setSecure(true);

    gate.doFilter(request, response, new MockFilterChain());

    assertThat(response.getHeader("Strict-Transport-Security")).isEqualTo("max-age=31536000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "null"})
  void aStrangersPageIsRefused(String origin) {
    String head = "GET /api/v1/tools HTTP/1.1\nHost: localhost\nOrigin: ";

    assertThat(RawHttp.send(port, head + origin))
        .startsWith("HTTP/1.1 403")
        .contains("urn:longhaul:problem:origin-not-allowed");
    assertThat(RawHttp.send(port, head + "http://localhost:5173")).startsWith("HTTP/1.1 200");
  }

  @Test
  void onMcpTheRefusalIsAJsonRpcErrorWithoutId() {
    assertThat(
            RawHttp.send(
                port,
                "POST /mcp HTTP/1.1\nHost: localhost\nOrigin: https://evil.example\n"
                    + "Content-Length: 0"))
        .startsWith("HTTP/1.1 403")
        .contains("\"jsonrpc\":\"2.0\"")
        .contains("\"error\":{")
        .doesNotContain("\"id\"");
  }

  @Test
  void theManagementPortIsGuardedToo() {
    String path = "GET /actuator/health/readiness HTTP/1.1\nHost: ";

    assertThat(RawHttp.send(managementPort, path + "evil.example")).startsWith("HTTP/1.1 403");
    assertThat(RawHttp.send(managementPort, path + "localhost\nOrigin: null"))
        .startsWith("HTTP/1.1 403");
    assertThat(RawHttp.send(managementPort, path + "localhost:" + managementPort))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void whatAProxySaysOfTheHostCountsForNothing() {
    String head = "GET /api/v1/tools HTTP/1.1\nHost: ";

    assertThat(RawHttp.send(port, head + "evil.example\nX-Forwarded-Host: localhost"))
        .startsWith("HTTP/1.1 403");
    assertThat(RawHttp.send(port, head + "localhost\nX-Forwarded-Host: evil.example"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void aRequestWithoutAHostIsRefused() {
    assertThat(RawHttp.send(port, "GET /api/v1/tools HTTP/1.0")).contains(" 403 ");
    assertThat(RawHttp.send(port, "GET /api/v1/tools HTTP/1.1")).startsWith("HTTP/1.1 400");
  }
}
