package dev.longhaul.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestIssuer;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** CORS headers of an application that requires tokens. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.standalone=true",
      "longhaul.mcp.public-url=https://jobs.example.com",
      "longhaul.http.allowed-origins=https://app.example.com",
      "longhaul.security.oauth.scopes=longhaul:call"
    })
@DirtiesContext
class CorsTest {
  private static final String PAGE = "\nHost: localhost\nOrigin: https://app.example.com";
  private static final String ALLOWED = "Access-Control-Allow-Origin: https://app.example.com\r\n";
  private static final TestIssuer ISSUER = new TestIssuer();

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
    registry.add("longhaul.security.oauth.issuer", ISSUER::url);
  }

  @AfterAll
  static void stop() {
    ISSUER.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/mcp",
        "/sse",
        "/messages?sessionId=1",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
        "/api/v1/jobs",
        "/api/v1/execute",
        "/api/v1/queues/default/pause"
      })
  void aBrowserMayAskWithoutATokenWhatAPageMaySend(String path) {
    String answer =
        preflight(
            path,
            "authorization,content-type,accept,mcp-protocol-version,mcp-session-id,mcp-method,"
                + "mcp-name,mcp-param-region,last-event-id,idempotency-key,x-evil,cookie");

    assertThat(answer)
        .startsWith("HTTP/1.1 204")
        .contains(ALLOWED)
        .contains("Access-Control-Allow-Methods: GET, POST, DELETE\r\n")
        .contains(
            "Access-Control-Allow-Headers: authorization, content-type, accept,"
                + " mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, mcp-param-region,"
                + " last-event-id, idempotency-key\r\n")
        .contains("Access-Control-Max-Age: ")
        .contains("Vary: Origin")
        .doesNotContain("Access-Control-Allow-Credentials", "WWW-Authenticate:");
  }

  @Test
  void veryManyHeadersAreNoReasonForAnAnswerThatIsTooLarge() {
    StringBuilder asked = new StringBuilder("authorization");
    for (int i = 0; i < 400; i++) {
      asked.append(",mcp-param-").append(i);
    }

    assertThat(preflight("/mcp", asked.toString()))
        .startsWith("HTTP/1.1 204")
        .contains("Access-Control-Allow-Headers: authorization, mcp-param-0,");
  }

  @Test
  void aStrangersPageMayNotEvenAsk() {
    assertThat(
            RawHttp.send(
                port,
                "OPTIONS /mcp HTTP/1.1\nHost: localhost\nOrigin: https://evil.example"
                    + "\nAccess-Control-Request-Method: POST"))
        .startsWith("HTTP/1.1 403")
        .doesNotContain("Access-Control-");
  }

  @ParameterizedTest
  @CsvSource({
    "401, GET /api/v1/jobs",
    "401, POST /mcp",
    "401, GET /sse",
    "401, POST /messages?sessionId=1",
    "200, GET /.well-known/oauth-protected-resource/mcp",
    "400, GET /api/v1/./jobs"
  })
  void whatNeedsNoTokenOrLacksOneCanBeReadByThePage(int status, String line) {
    assertReadable(status, RawHttp.send(port, line + " HTTP/1.1" + PAGE + "\nContent-Length: 0"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, GET /api/v1/tools",
    "200, GET /api/v1/jobs",
    "404, GET /api/v1/jobs/none",
    "403, GET /api/v1/none",
    "405, DELETE /api/v1/tools",
    "415, POST /api/v1/jobs",
    "400, GET /api/v1/jobs?=x",
    "400, POST /mcp",
    "403, GET /mcp/none",
    "403, POST /api/v1/queues/default/drain"
  })
  void everyAnswerToAPageWithATokenCanBeReadByIt(int status, String line) {
    String answer =
        RawHttp.send(port, line + " HTTP/1.1" + token("longhaul:call") + "\nContent-Length: 0");

    assertReadable(status, answer);
  }

  @Test
  void aQueueThatTakesNoMoreCanBeReadByThePageToo() {
    String operator = token("longhaul:call longhaul:admin");
    RawHttp.send(port, "POST /api/v1/queues/cpu/drain HTTP/1.1" + operator);
    String call =
        "{\"method\":\"tools/call\",\"params\":{\"name\":\"profile_dataset\",\"arguments\":{\"content\":\"a\"}}}";

    String answer =
        RawHttp.sendWith(
            port,
            "POST /api/v1/jobs HTTP/1.1" + operator + "\nContent-Type: application/json",
            call);

    assertReadable(503, answer);
    assertThat(answer).contains("Retry-After: ");
  }

  @Test
  void aHostThatIsNotAllowedIsSaidToThePageToo() {
    assertReadable(
        403,
        RawHttp.send(
            port,
            "GET /api/v1/jobs HTTP/1.1\nHost: evil.example\nOrigin: https://app.example.com"));
  }

  @Test
  void withoutAnOriginNothingIsAllowedButCachesKnowThatItCounts() {
    String head = "GET /api/v1/jobs HTTP/1.1\nHost: localhost";

    assertThat(RawHttp.send(port, head)).contains("Vary: Origin").doesNotContain("Access-Control-");
    assertThat(RawHttp.send(port, head + "\nOrigin: http://localhost:" + port))
        .doesNotContain("Access-Control-");
  }

  @Test
  void nothingElseIsForPagesOfOtherOrigins() {
    assertThat(RawHttp.send(port, "GET /actuator/health HTTP/1.1" + PAGE))
        .startsWith("HTTP/1.1 200")
        .doesNotContain("Access-Control-");
  }

  private static void assertReadable(int status, String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status)
        .containsOnlyOnce(ALLOWED)
        .contains("Access-Control-Expose-Headers: Mcp-Session-Id, MCP-Protocol-Version,")
        .contains("WWW-Authenticate, Retry-After, Location");
  }

  private String preflight(String path, String headers) {
    return RawHttp.send(
        port,
        "OPTIONS "
            + path
            + " HTTP/1.1"
            + PAGE
            + "\nAccess-Control-Request-Method: POST\nAccess-Control-Request-Headers: "
            + headers);
  }

  private static String token(String scopes) {
    return PAGE
        + "\nAuthorization: Bearer "
        + ISSUER.token("ann", "https://jobs.example.com/mcp", scopes);
  }
}
