package dev.longhaul.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.security.apikey.Server.Answer;
import dev.longhaul.testing.TestIssuer;
import dev.longhaul.testing.TestRedis;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Two processes on one Redis: one with API keys only, one with an authorization server as well. */
class ApiKeysTest {
  private static final String OPERATOR = "the-operators-secret-of-32-chars";
  private static final String SECOND = "another-operators-secret-of-32ch";
  private static final String AUDIENCE = "https://keys.example";
  private static final String JOB =
      """
      {"method": "tools/call",
       "params": {"name": "profile_dataset", "arguments": {"content": "a,b\\n1,2"}}, "held": true}
      """;
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final String NAMESPACE = TestRedis.namespace();
  private static Server keysOnly;
  private static Server both;

  @BeforeAll
  static void start() {
    String[] settings = {
      "--longhaul.security.api-keys.operator.secret=" + OPERATOR + "," + SECOND,
      "--longhaul.security.api-keys.operator.scopes=jobs:admin",
      "--management.endpoints.web.exposure.include=*"
    };
    keysOnly = Server.start(TestRedis.url(), NAMESPACE, settings);
    both =
        Server.start(
            TestRedis.url(),
            NAMESPACE,
            Stream.concat(
                    Stream.of(settings),
                    Stream.of(
                        "--longhaul.security.oauth.issuer=" + ISSUER.url(),
                        "--longhaul.security.oauth.audiences=" + AUDIENCE))
                .toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    keysOnly.close();
    both.close();
    ISSUER.close();
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
        "GET /api/v1/keys",
        "POST /api/v1/keys",
        "GET /actuator",
        "GET /actuator/prometheus",
        "GET /actuator/env",
        "GET /v3/api-docs",
        "GET /swagger-ui/index.html",
        "OPTIONS /api/v1/jobs",
        "GET /nothing",
        "GET /"
      })
  void everyRequestNeedsAKey(String request) {
    Answer answer = keysOnly.send(request, "");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(both.send(request, "").header("WWW-Authenticate")).contains("resource_metadata");
  }

  @Test
  void onlyHealthAndTheAbsenceOfMetadataAreToldToEverybody() {
    for (String path : List.of("", "/liveness", "/readiness")) {
      Answer answer = keysOnly.send("GET /actuator/health" + path, "");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.response().body())
          .contains("status")
          .doesNotContain("components", "details", "version", "waiting");
    }
    String metadata = "GET /.well-known/oauth-protected-resource/mcp";
    assertThat(keysOnly.send(metadata, "").status()).isEqualTo(404);
    assertThat(both.send(metadata, "").status()).isEqualTo(200);
    assertThat(keysOnly.with(OPERATOR, "GET /actuator/health", "").response().body())
        .contains("waiting");
  }

  @Test
  void aPreflightNeedsNoKeyAndAllowsItsHeader() {
    var answer =
        keysOnly.send(
            "OPTIONS /api/v1/jobs",
            "",
            "Origin",
            "http://localhost:3000",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "x-api-key");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Access-Control-Allow-Headers")).isEqualTo("x-api-key");
  }

  @Test
  void aKeyIsSentInEitherHeaderAndWorksInEveryProcess() {
    String secret = created("either", "jobs:read");

    assertThat(secret).matches("lh_[A-Za-z0-9_-]{43}");
    for (Server server : List.of(keysOnly, both)) {
      assertThat(server.with(secret, "GET /api/v1/jobs", "").status()).isEqualTo(200);
      assertThat(server.send("GET /api/v1/jobs", "", "Authorization", "Bearer " + secret).status())
          .isEqualTo(200);
      assertThat(server.send("GET /api/v1/jobs", "", "Authorization", "bearer " + SECOND).status())
          .isEqualTo(200);
    }
  }

  @Test
  void twoDifferentCredentialsAreRefused() {
    String secret = created("twice", "jobs:read");
    String bearer = "Bearer " + secret;
    String token = "Bearer " + ISSUER.token("ann", AUDIENCE, "");

    assertThat(keysOnly.send("GET /api/v1/jobs", "", "X-API-Key", secret, "Authorization", bearer))
        .extracting(Answer::status)
        .isEqualTo(200);
    for (String other : List.of("Bearer " + OPERATOR, token, "Basic YTpi")) {
      assertThat(both.send("GET /api/v1/jobs", "", "X-API-Key", secret, "Authorization", other))
          .extracting(Answer::status)
          .isEqualTo(401);
    }
    assertThat(keysOnly.send("GET /api/v1/jobs", "", "X-API-Key", secret, "X-API-Key", OPERATOR))
        .extracting(Answer::status)
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "lh_",
        "lh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "a.b.c",
        "\"a\"",
        "ü"
      })
  void anyOtherKeyIsRefused(String wrong) {
    Answer answer = keysOnly.with(wrong, "GET /api/v1/jobs", "");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(answer.response().body()).doesNotContain("AAAA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_token", "api_key", "apikey", "X-Api-Key", "limit"})
  void aKeyInTheAddressIsRefused(String parameter) {
    String secret =
        created("in-address-" + parameter.toLowerCase(Locale.ROOT).replace('_', '-'), "jobs:read");

    Answer answer = keysOnly.with(secret, "GET /api/v1/jobs?" + parameter + "=" + secret, "");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.response().body()).doesNotContain(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "mcp:call,     POST /mcp",
    "mcp:call,     GET /sse",
    "mcp:call,     POST /messages",
    "jobs:read,    GET /api/v1/jobs",
    "jobs:read,    GET /api/v1/tools",
    "jobs:read,    GET /api/v1/queues",
    "jobs:read,    GET /api/v1/cache",
    "jobs:read,    HEAD /api/v1/queues",
    "jobs:write,   POST /api/v1/jobs",
    "jobs:write,   DELETE /api/v1/jobs/0",
    "jobs:write,   POST /api/v1/execute",
    "jobs:write,   POST /api/v1/cache/tools/x/forget",
    "jobs:write,   PATCH /api/v1/jobs/0",
    "jobs:admin,   POST /api/v1/queues/default/resume",
    "jobs:admin,   DELETE /api/v1/cache/lists",
    "jobs:admin,   GET /api/v1/keys",
    "jobs:admin,   POST /api/v1/keys",
    "jobs:admin,   DELETE /api/v1/keys/nobody",
    "jobs:admin,   GET /actuator",
    "jobs:admin,   GET /actuator/env",
    "jobs:admin,   GET /actuator/leftovers",
    "metrics:read, GET /actuator/prometheus",
    "metrics:read, GET /actuator/metrics",
    "metrics:read, GET /actuator/metrics/jvm.memory.used",
    "metrics:read, GET /api/v1/statistics"
  })
  void aRouteNeedsItsScopeOnly(String scope, String request) {
    for (String other :
        List.of("mcp:call", "jobs:read", "jobs:write", "jobs:admin", "metrics:read")) {
      boolean sufficient =
          other.equals(scope)
              || (other.equals("jobs:admin") && Set.of("jobs:read", "jobs:write").contains(scope));
      if (sufficient && request.endsWith("/sse")) {
        continue; // opens a stream
      }
      Answer answer = keysOnly.with(Scoped.key(other), request, "");
      if (sufficient) {
        assertThat(answer.status()).as(other).isNotIn(401, 403);
      } else {
        assertThat(answer.status()).as(other).isEqualTo(403);
        assertThat(answer.header("WWW-Authenticate"))
            .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
      }
    }
  }

  /** One key for each scope. */
  private static final class Scoped {
    private static final Map<String, String> KEYS = new ConcurrentHashMap<>();

    static String key(String scope) {
      return KEYS.computeIfAbsent(scope, one -> created("only-" + one.replace(':', '-'), one));
    }
  }

  @Test
  void aTokenThatNamesOneOfOurScopesIsLimitedToIt() {
    String reader = token("ann", "jobs:read");
    String scraper = token("ann", "metrics:read");
    String operator = token("ann", "longhaul:admin");

    assertThat(status(reader, "GET /api/v1/jobs")).isEqualTo(200);
    assertThat(status(reader, "POST /api/v1/jobs")).isEqualTo(403);
    assertThat(status(reader, "POST /mcp")).isEqualTo(403);
    assertThat(status(scraper, "GET /actuator/prometheus")).isEqualTo(200);
    assertThat(status(scraper, "GET /api/v1/jobs")).isEqualTo(403);
    assertThat(status(scraper, "GET /actuator/env")).isEqualTo(403);
    assertThat(status(token("ann", "jobs:admin"), "GET /api/v1/keys")).isEqualTo(200);
    // As before there were such scopes.
    assertThat(status(token("ann", ""), "GET /api/v1/jobs")).isEqualTo(200);
    assertThat(status(token("ann", ""), "GET /api/v1/keys")).isEqualTo(403);
    assertThat(status(operator, "GET /actuator/prometheus")).isEqualTo(200);
    assertThat(status(operator, "GET /api/v1/keys")).isEqualTo(200);
  }

  @Test
  void aKeyASubjectAndAnEarlierKeyOfOneNameAreDifferentOwners() {
    String scopes = "jobs:read\",\"jobs:write";
    String key = created("alice", scopes);
    String token = "Bearer " + token("alice", "");
    String ofKey = both.with(key, "POST /api/v1/jobs", JOB).json().path("id").asString();
    String ofToken =
        both.send("POST /api/v1/jobs", JOB, "Authorization", token).json().path("id").asString();

    assertThat(both.with(key, "GET /api/v1/jobs/" + ofKey, "").status()).isEqualTo(200);
    assertThat(both.with(key, "GET /api/v1/jobs/" + ofToken, "").status()).isEqualTo(404);
    assertThat(both.send("GET /api/v1/jobs/" + ofKey, "", "Authorization", token).status())
        .isEqualTo(404);

    String rotated =
        keysOnly
            .with(OPERATOR, "POST /api/v1/keys/alice/rotate", "")
            .json()
            .path("secret")
            .asString();
    assertThat(keysOnly.with(rotated, "GET /api/v1/jobs/" + ofKey, "").status()).isEqualTo(200);

    keysOnly.with(OPERATOR, "DELETE /api/v1/keys/alice", "");
    String again = created("alice", scopes);
    assertThat(keysOnly.with(again, "GET /api/v1/jobs/" + ofKey, "").status()).isEqualTo(404);
    assertThat(keysOnly.with(again, "GET /api/v1/jobs", "").json().path("jobs")).isEmpty();
  }

  @Test
  void anOwnerOfAnEarlierVersionFindsHisJobs() {
    // What an earlier version stores for the subject of a token is the subject as it is.
    String id =
        both.send("POST /api/v1/jobs", JOB, "Authorization", "Bearer " + token("ann-of-old", ""))
            .json()
            .path("id")
            .asString();
    var job = both.bean(JobQueue.class).find(new JobId(id)).orElseThrow();
    assertThat(job.owner()).isEqualTo("ann-of-old");
  }

  @Test
  void bothSecretsOpenAKeyWhileItIsRotatedAndOnlyTheNewOneAfterwards() {
    String first = created("rotating", "jobs:read");
    Answer rotation = keysOnly.with(OPERATOR, "POST /api/v1/keys/rotating/rotate", "");
    String second = rotation.json().path("secret").asString();

    assertThat(rotation.header("Cache-Control")).isEqualTo("no-store");
    assertThat(rotation.json().at("/key/old_secret_until").asString()).isNotEmpty();
    assertThat(keysOnly.with(first, "GET /api/v1/jobs", "").status()).isEqualTo(200);
    assertThat(keysOnly.with(second, "GET /api/v1/jobs", "").status()).isEqualTo(200);

    String third =
        keysOnly
            .with(OPERATOR, "POST /api/v1/keys/rotating/rotate", "{\"keep_seconds\":0}")
            .json()
            .path("secret")
            .asString();
    assertThat(keysOnly.with(first, "GET /api/v1/jobs", "").status()).isEqualTo(401);
    assertThat(keysOnly.with(second, "GET /api/v1/jobs", "").status()).isEqualTo(401);
    assertThat(keysOnly.with(third, "GET /api/v1/jobs", "").status()).isEqualTo(200);
  }

  @Test
  void aRevokedKeyIsRefusedByEveryProcessAlsoWhenTheNoticeWasLost() {
    String told = created("told", "jobs:read");
    String silent = created("silent", "jobs:read");
    for (Server server : List.of(keysOnly, both)) {
      assertThat(server.with(told, "GET /api/v1/jobs", "").status()).isEqualTo(200);
      assertThat(server.with(silent, "GET /api/v1/jobs", "").status()).isEqualTo(200);
    }

    assertThat(both.with(OPERATOR, "DELETE /api/v1/keys/told", "").status()).isEqualTo(204);
    assertThat(both.with(told, "GET /api/v1/jobs", "").status()).isEqualTo(401);
    // As another process does it, whose message is lost.
    String keys = new KeyTags(NAMESPACE).tag() + ":keys";
    var redis = both.bean(RedisConnections.class);
    redis.run(on -> on.hdel(keys, "silent"));
    redis.run(on -> on.set(keys + ":version", "another"));

    for (Server server : List.of(keysOnly, both)) {
      for (String key : List.of(told, silent)) {
        await()
            .atMost(30, TimeUnit.SECONDS)
            .until(() -> server.with(key, "GET /api/v1/jobs", "").status() == 401);
      }
    }
  }

  @Test
  void theStreamsAndHeldCallsOfARevokedKeyEndInEveryProcess() throws Exception {
    String key = created("streaming", "jobs:read\",\"jobs:write\",\"mcp:call");
    String job = keysOnly.with(key, "POST /api/v1/jobs", JOB).json().path("id").asString();
    String wait = "GET /api/v1/jobs/" + job;
    CompletableFuture<HttpResponse<Stream<String>>> sse =
        keysOnly.open(key, "GET /sse", "", "Accept", "text/event-stream");
    CompletableFuture<HttpResponse<Stream<String>>> events =
        both.open(key, wait + "/events", "", "Accept", "text/event-stream");
    CompletableFuture<HttpResponse<Stream<String>>> held =
        both.open(key, wait + "?wait_seconds=300", "");
    try (Stream<String> lines = sse.get(60, TimeUnit.SECONDS).body();
        Stream<String> further = events.get(60, TimeUnit.SECONDS).body()) {
      keysOnly.with(OPERATOR, "DELETE /api/v1/keys/streaming", "");

      // They end by themselves, and not with the next comment, which comes every 15 seconds.
      CompletableFuture<Long> all = CompletableFuture.supplyAsync(lines::count);
      CompletableFuture<Long> more = CompletableFuture.supplyAsync(further::count);
      assertThat(all.get(10, TimeUnit.SECONDS)).isPositive();
      assertThat(more.get(10, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(held.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
  }

  @Test
  void theSubscriptionOfARevokedKeyEnds() throws Exception {
    String key = created("subscribed", "mcp:call");
    String listen =
        """
        {"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": {
          "notifications": {"toolsListChanged": true},
          "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {}}}}
        """;
    HttpResponse<Stream<String>> open =
        keysOnly
            .open(
                key,
                "POST /mcp",
                listen,
                "Accept",
                "application/json, text/event-stream",
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "subscriptions/listen")
            .get(60, TimeUnit.SECONDS);
    try (Stream<String> lines = open.body()) {
      assertThat(open.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      keysOnly.with(OPERATOR, "DELETE /api/v1/keys/subscribed", "");

      CompletableFuture<Long> all = CompletableFuture.supplyAsync(lines::count);
      assertThat(all.get(20, TimeUnit.SECONDS)).isPositive();
    }
  }

  @Test
  void anExpiredKeyIsRefused() {
    String name = "short-lived";
    Answer past = create(name, "jobs:read", Instant.now().minusSeconds(1).toString());
    assertThat(past.status()).isEqualTo(400);

    Answer soon = create(name, "jobs:read", Instant.now().plusSeconds(2).toString());
    String secret = soon.json().path("secret").asString();
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> keysOnly.with(secret, "GET /api/v1/jobs", "").status() == 401);
  }

  @Test
  void theListShowsEveryKeyAndNoSecret() {
    String secret = created("listed", "jobs:read");
    keysOnly.with(secret, "GET /api/v1/jobs", "");

    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> !listed("listed").path("last_used_at").isNull());
    assertThat(listed("operator").path("configured").asBoolean()).isTrue();
    assertThat(listed("listed").path("scopes").toString()).isEqualTo("[\"jobs:read\"]");
    assertThat(keysOnly.with(OPERATOR, "GET /api/v1/keys", "").response().body())
        .doesNotContain(secret, OPERATOR, Secrets.digest(secret));
  }

  @Test
  void aKeyOfALaterVersionIsListedAndRotatedWithWhatThisOneDoesNotKnow() {
    created("of-later", "jobs:read");
    String keys = new KeyTags(NAMESPACE).tag() + ":keys";
    var redis = keysOnly.bean(RedisConnections.class);
    String later =
        redis
            .run(on -> on.hget(keys, "of-later"))
            .replace("\"jobs:read\"", "\"jobs:later\"")
            .replaceFirst("\\{", "{\"later\":true,");
    redis.run(on -> on.hset(keys, "of-later", later));
    redis.run(on -> on.set(keys + ":version", "later"));

    assertThat(listed("of-later").path("scopes")).isEmpty();
    assertThat(keysOnly.with(OPERATOR, "POST /api/v1/keys/of-later/rotate", "").status())
        .isEqualTo(200);
    String rotated = redis.run(on -> on.hget(keys, "of-later"));
    assertThat(rotated)
        .contains("\"scopes\":[\"jobs:later\"]", "\"later\":true")
        .isNotEqualTo(later);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    created("there", "jobs:read");
    assertThat(create("there", "jobs:read", null).type()).isEqualTo("key-conflict");
    assertThat(create("operator", "jobs:read", null).type()).isEqualTo("key-conflict");
    assertThat(create("A B", "jobs:read", null).status()).isEqualTo(400);
    assertThat(create("good", "jobs:everything", null).status()).isEqualTo(400);
    assertThat(keysOnly.with(OPERATOR, "DELETE /api/v1/keys/nobody", "").type())
        .isEqualTo("unknown-key");
    assertThat(keysOnly.with(OPERATOR, "DELETE /api/v1/keys/operator", "").type())
        .isEqualTo("key-conflict");
  }

  private static String created(String name, String scopes) {
    Answer answer = create(name, scopes, null);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    return answer.json().path("secret").asString();
  }

  private static Answer create(String name, String scopes, @Nullable String expires) {
    String end = expires == null ? "" : ",\"expires_at\":\"" + expires + "\"";
    return keysOnly.with(
        OPERATOR,
        "POST /api/v1/keys",
        "{\"name\":\"" + name + "\",\"scopes\":[\"" + scopes + "\"]" + end + "}");
  }

  private static JsonNode listed(String name) {
    for (var key : keysOnly.with(OPERATOR, "GET /api/v1/keys", "").json().path("keys")) {
      if (key.path("name").asString().equals(name)) {
        return key;
      }
    }
    throw new AssertionError("not listed");
  }

  private static String token(String subject, String scope) {
    return ISSUER.token(subject, AUDIENCE, scope);
  }

  private static int status(String token, String request) {
    return both.send(request, "", "Authorization", "Bearer " + token).status();
  }
}
