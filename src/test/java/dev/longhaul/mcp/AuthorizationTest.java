package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestIssuer;
import dev.longhaul.testing.TestRedis;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole application as a resource server, with signed tokens. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.standalone=true",
      "longhaul.mcp.public-url=https://jobs.example.com",
      "longhaul.mcp.grace=0s",
      "longhaul.security.oauth.scopes=longhaul:call",
      "longhaul.security.oauth.scope-hierarchy=longhaul:all > longhaul:call"
    })
@DirtiesContext
class AuthorizationTest {
  private static final String HERE = "https://jobs.example.com/mcp";
  private static final String METADATA =
      "https://jobs.example.com/.well-known/oauth-protected-resource";
  private static final String JOB =
      """
      {"method": "tools/call",
       "params": {"name": "profile_dataset", "arguments": {"content": "a,b\\n1,2"}}, "held": true}
      """;
  private static final TestIssuer ISSUER = new TestIssuer();

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    // Computed once: a supplier is called at every read of the property.
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
    registry.add("longhaul.security.oauth.issuer", ISSUER::url);
  }

  @AfterAll
  static void stop() {
    ISSUER.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/mcp", "/sse"})
  void n1_whereTokensComeFromIsPublishedForEveryAddressOfTheServer(String resource) {
    JsonNode body = get("/.well-known/oauth-protected-resource" + resource, null).json();

    assertThat(body.path("resource").asString()).isEqualTo("https://jobs.example.com" + resource);
    assertThat(body.path("authorization_servers").path(0).asString()).isEqualTo(ISSUER.url());
    assertThat(body.path("bearer_methods_supported").toString()).isEqualTo("[\"header\"]");
    assertThat(body.path("scopes_supported").toString())
        .isEqualTo("[\"longhaul:call\",\"longhaul:admin\"]");
  }

  @Test
  void n2_n5_aCallWithoutTokenLearnsWhereToGetOneAndForWhichScopes() {
    McpHttp.Answer answer = discover(null);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(challenge(answer))
        .isEqualTo("Bearer scope=\"longhaul:call\", resource_metadata=\"" + METADATA + "/mcp\"");
    assertThat(answer.json().path("error").path("message").asString()).contains("Authorization");
    McpHttp.Answer rest = get("/api/v1/jobs", null);
    assertThat(challenge(rest)).endsWith("resource_metadata=\"" + METADATA + "\"");
    assertThat(rest.json().path("type").asString()).endsWith(":token-required");
  }

  @Test
  void onlyAnOperatorSeesTheDetailsOfHealth() {
    String user = ISSUER.token("ann", HERE, "longhaul:call");
    String operator = ISSUER.token("ann", HERE, "longhaul:call longhaul:admin");

    for (String token : new String[] {null, user, "not.a.token"}) {
      McpHttp.Answer answer = get("/actuator/health", token);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().path("status").asString()).isEqualTo("UP");
      assertThat(answer.json().propertyNames()).containsExactly("status");
      assertThat(get("/actuator/health/queue", token).status()).isEqualTo(404);
      assertThat(get("/actuator/health/readiness", token).text).isEqualTo("{\"status\":\"UP\"}");
    }
    assertThat(get("/actuator/health/queue", operator).text).contains("waiting");
    assertThat(get("/actuator/health", operator).text).contains("waiting");
  }

  @Test
  void anybodySeesWhetherItIsHealthyAndOnlyAnOperatorTheFigures() {
    String user = ISSUER.token("ann", HERE, "longhaul:call");
    String operator = ISSUER.token("ann", HERE, "longhaul:call longhaul:admin");

    for (String token : new String[] {null, user, "not.a.token"}) {
      McpHttp.Answer answer = get("/api/v1/health", token);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().path("status").asString()).isEqualTo("healthy");
      assertThat(answer.json().propertyNames())
          .as(String.valueOf(token))
          .containsExactly("status", "timestamp");
    }
    JsonNode health = get("/api/v1/health", operator).json();
    assertThat(health.path("metrics").path("queue_size").asInt()).isZero();
    assertThat(health.path("metrics").path("success_rate").isNull()).isTrue();

    assertThat(get("/api/v1/statistics", null).status()).isEqualTo(401);
    assertThat(get("/api/v1/statistics", user).status()).isEqualTo(403);
    assertThat(get("/api/v1/statistics", operator).status()).isEqualTo(200);
    assertThat(get("/api/v1/health/more", null).status()).isEqualTo(401);
  }

  @Test
  void healthOfWhatThereIsNotIsNotFound() {
    for (String path : List.of("a", "a/b", "a/b/c", "queue/b", "liveness/a/b")) {
      assertThat(get("/actuator/health/" + path, null).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void aPathThatRoutingReadsOtherwiseThanTheCheckOfScopesIsRefused() {
    String user = ISSUER.token("ann", HERE, "longhaul:call");

    McpHttp.Answer answer = post("/api/v1/queues/..;/pause", "", user);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("type").asString()).endsWith(":ambiguous-path");
  }

  @Test
  void n3_aTokenOfTheIssuerForThisServerIsGood() {
    assertThat(discover(ISSUER.token("ann", HERE, "longhaul:call")).status()).isEqualTo(200);
    assertThat(discover(ISSUER.token("ann", "https://jobs.example.com", "longhaul:call")).status())
        .isEqualTo(200);
  }

  @Test
  void n3_anyOtherTokenIsNot() {
    Date past = Date.from(Instant.now().minusSeconds(3_600));
    List<String> bad =
        List.of(
            "not.a.token",
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.",
            ISSUER.forged("ann", HERE),
            ISSUER.token("ann", "https://other.example.com", "longhaul:call"),
            ISSUER.token("ann", HERE, "longhaul:call", c -> c.issuer("https://other.example")),
            ISSUER.token("ann", HERE, "longhaul:call", c -> c.expirationTime(past)),
            ISSUER.token("ann", HERE, "longhaul:call", c -> c.expirationTime(null)),
            ISSUER.token("ann", HERE, "longhaul:call", c -> c.subject(null)),
            ISSUER.token("a\nb", HERE, "longhaul:call"));
    for (String token : bad) {
      McpHttp.Answer answer = discover(token);
      assertThat(answer.status()).as(token).isEqualTo(401);
      assertThat(challenge(answer)).contains("error=\"invalid_token\"").contains(METADATA);
    }
  }

  @Test
  void n4_n5_whatIsMissingIsNamedAllAtOnce() {
    String user = ISSUER.token("ann", HERE, "longhaul:call");
    McpHttp.Answer refused = post("/api/v1/queues/default/pause", "", user);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(challenge(refused))
        .isEqualTo(
            "Bearer error=\"insufficient_scope\", scope=\"longhaul:call longhaul:admin\","
                + " resource_metadata=\""
                + METADATA
                + "\"");
    assertThat(discover(ISSUER.token("ann", HERE, "")).status()).isEqualTo(403);
    assertThat(get("/actuator/prometheus", user).status()).isEqualTo(403);

    String operator = ISSUER.token("ann", HERE, "longhaul:call longhaul:admin");
    assertThat(post("/api/v1/queues/default/resume", "", operator).status()).isEqualTo(200);
    assertThat(get("/actuator/prometheus", operator).status()).isEqualTo(200);

    // Only operators may remove the cached results of all callers; each caller may remove its own.
    assertThat(delete("/api/v1/cache/lists", user).status()).isEqualTo(403);
    assertThat(delete("/api/v1/cache/lists", operator).status()).isEqualTo(204);
    assertThat(get("/api/v1/cache", user).status()).isEqualTo(200);
    String own = "/api/v1/cache/tools/compute_hash/forget";
    assertThat(post(own, "{\"arguments\":{}}", user).status()).isEqualTo(204);
  }

  @Test
  void n5_aBroaderScopeImpliesTheNarrowerOneAndScopesMayBeAList() {
    assertThat(discover(ISSUER.token("ann", HERE, "longhaul:all")).status()).isEqualTo(200);
    String list = ISSUER.token("ann", HERE, "", c -> c.claim("scp", List.of("longhaul:call")));
    assertThat(discover(list).status()).isEqualTo(200);
  }

  @Test
  void n6_aTokenInTheAddressIsRefusedWhateverItIsWorth() {
    String token = ISSUER.token("ann", HERE, "longhaul:call");
    McpHttp.Answer alone = get("/api/v1/jobs?access_token=" + token, null);
    assertThat(alone.status()).isEqualTo(400);
    assertThat(challenge(alone)).contains("error=\"invalid_request\"");
    assertThat(get("/api/v1/jobs?access_token=" + token, token).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /mcp",
        "POST /mcp",
        "DELETE /mcp",
        "GET /sse",
        "POST /messages?sessionId=1",
        "GET /api/v1/jobs",
        "POST /api/v1/jobs",
        "GET /api/v1/tools",
        "GET /api/v1/queues",
        "GET /actuator",
        "GET /actuator/prometheus",
        "GET /v3/api-docs",
        "GET /nothing"
      })
  void n7_everyRequestNeedsAToken(String request) {
    String[] parts = request.split(" ", 2);
    McpHttp.Answer answer = new McpHttp(port).at(parts[1]).raw("{}").method(parts[0]).send();
    assertThat(answer.status()).isEqualTo(401);
    assertThat(challenge(answer)).contains("resource_metadata");
  }

  @Test
  void healthIsOpenToLoadBalancers() {
    assertThat(get("/actuator/health/liveness", null).status()).isEqualTo(200);
  }

  @Test
  void n7_whatOneCallerOwnsIsUnknownToAnother() {
    String ann = ISSUER.token("ann", HERE, "longhaul:call");
    String bob = ISSUER.token("bob", HERE, "longhaul:call");
    String local = ISSUER.token("local", HERE, "longhaul:call");
    String id = post("/api/v1/jobs", JOB, ann).json().path("id").asString();

    assertThat(get("/api/v1/jobs/" + id, ann).status()).isEqualTo(200);
    assertThat(task(id, ann).path("result").path("taskId").asString()).isEqualTo(id);
    for (String other : List.of(bob, local)) {
      assertThat(get("/api/v1/jobs/" + id, other).status()).isEqualTo(404);
      assertThat(post("/api/v1/jobs/" + id + "/cancel", "", other).status()).isEqualTo(404);
      assertThat(get("/api/v1/jobs", other).json().path("jobs").toString()).doesNotContain(id);
      assertThat(task(id, other).path("error").path("code").asInt()).isEqualTo(-32602);
    }
  }

  @Test
  void n7_aSessionIsItsCallersOwn() {
    McpHttp http = new McpHttp(port);
    String ann = "Bearer " + ISSUER.token("ann", HERE, "longhaul:call");
    String bob = "Bearer " + ISSUER.token("bob", HERE, "longhaul:call");
    var params = Json.object("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}");
    params.putObject("clientInfo").put("name", "test").put("version", "1");
    String session =
        http.raw(McpHttp.request(0, "initialize", params).toString())
            .header("Authorization", ann)
            .send()
            .response
            .headers()
            .firstValue("Mcp-Session-Id")
            .orElseThrow();

    var list = http.legacy(session, "tools/list", Replies.object());
    assertThat(list.header("Authorization", ann).send().status()).isEqualTo(200);
    assertThat(list.header("Authorization", bob).send().status()).isEqualTo(404);
  }

  private JsonNode task(String id, String token) {
    return new McpHttp(port)
        .modernTask("tasks/get", id)
        .header("Authorization", "Bearer " + token)
        .send()
        .json();
  }

  private McpHttp.Answer discover(@Nullable String token) {
    var request = new McpHttp(port).modern("server/discover", Replies.object());
    return with(token, request).send();
  }

  private McpHttp.Answer get(String path, @Nullable String token) {
    return with(token, new McpHttp(port).at(path).raw("").method("GET").header("Accept", "*/*"))
        .send();
  }

  private McpHttp.Answer delete(String path, String token) {
    return with(token, new McpHttp(port).at(path).raw("").method("DELETE")).send();
  }

  private McpHttp.Answer post(String path, String body, String token) {
    return with(token, new McpHttp(port).at(path).raw(body)).send();
  }

  private static McpHttp.Builder with(@Nullable String token, McpHttp.Builder request) {
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private static String challenge(McpHttp.Answer answer) {
    return answer.response.headers().firstValue("WWW-Authenticate").orElse("");
  }
}
