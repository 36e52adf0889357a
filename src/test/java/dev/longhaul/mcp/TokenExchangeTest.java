package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Jobs;
import dev.longhaul.mcp.AskingServer.Received;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestIssuer;
import dev.longhaul.testing.TestRedis;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/**
 * Tokens of callers are exchanged in an api process, kept encrypted, and used by a worker (RFC
 * 8693).
 */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class TokenExchangeTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String AUDIENCE = "https://jobs.example.com/mcp";
  private static final Set<String> ENDS = Set.of("completed", "failed", "dead", "cancelled");
  private static final int API = 1;

  private static final TestIssuer ISSUER = new TestIssuer();
  private static final AskingServer UPSTREAM = new AskingServer();
  private static final Map<String, String> TOKENS = new HashMap<>();
  private static Replicas replicas;

  @Configuration(proxyBeanMethods = false)
  static class Nothing {}

  @BeforeAll
  static void start() {
    String mine = "--longhaul.upstreams.mine.";
    String[] settings = {
      "--longhaul.security.oauth.issuer=" + ISSUER.url(),
      "--longhaul.security.oauth.audiences=" + AUDIENCE,
      "--longhaul.security.encryption.key=test:" + Base64.getEncoder().encodeToString(new byte[32]),
      mine + "url=" + UPSTREAM.url(),
      mine + "auth.token-url=" + UPSTREAM.tokenUrl(),
      mine + "auth.client-id=" + AskingServer.CLIENT,
      mine + "auth.client-secret=" + AskingServer.SECRET,
      mine + "identity.mode=exchange",
      mine + "identity.audience=notes",
      mine + "tools.policies.whoami.retry.max-attempts=3"
    };
    replicas = new Replicas(0, Nothing.class);
    for (String role : List.of("worker", "api")) {
      String[] all = Arrays.copyOf(settings, settings.length + 1);
      all[settings.length] = "--longhaul.role=" + role;
      replicas.start(all);
    }
    await().atMost(LIMIT).untilAsserted(() -> assertThat(listed()).contains("whoami"));
  }

  @AfterAll
  static void stop() {
    if (replicas != null) {
      replicas.close();
    }
    UPSTREAM.close();
    ISSUER.close();
  }

  @BeforeEach
  void lock() {
    UPSTREAM.gate = new CountDownLatch(1);
    UPSTREAM.lifetime = 3_600;
  }

  @AfterEach
  void unlock() {
    UPSTREAM.gate.countDown();
  }

  private static String token(String subject) {
    return TOKENS.computeIfAbsent(subject, name -> ISSUER.token(name, AUDIENCE, "longhaul:call"));
  }

  private static Set<String> listed() {
    return replicas
        .get(API)
        .modern("tools/list", Replies.object())
        .header("Authorization", "Bearer " + token("looker"))
        .send()
        .result()
        .path("tools")
        .valueStream()
        .map(each -> each.path("name").asString())
        .collect(Collectors.toSet());
  }

  private static McpHttp.Answer rest(String caller, String method, String path, String body) {
    return replicas
        .get(API)
        .at("/api/v1" + path)
        .raw(body)
        .header("Accept", "application/json")
        .header("Content-Type", body.isEmpty() ? null : "application/json")
        .header("Authorization", "Bearer " + token(caller))
        .method(method)
        .send();
  }

  private static String submitted(String caller, String call) {
    McpHttp.Answer made = rest(caller, "POST", "/jobs", call);
    assertThat(made.status()).as(made.text).isBetween(200, 202);
    return made.json().path("id").asString();
  }

  private static JsonNode ended(String caller, String id) {
    await()
        .atMost(LIMIT)
        .until(() ->
            ENDS.contains(rest(caller, "GET", "/jobs/" + id, "").json().path("state").asString()));
    return rest(caller, "GET", "/jobs/" + id, "").json();
  }

  /** Everything that Redis holds, keys included, with this text in it. */
  private static List<String> keysWith(String text) {
    RedisClient client = RedisClient.create(TestRedis.url());
    try (var connection = client.connect(new StringCodec(StandardCharsets.ISO_8859_1))) {
      RedisCommands<String, String> redis = connection.sync();
      List<String> keys = ScanIterator.scan(redis).stream().toList();
      assertThat(keys).isNotEmpty();
      return keys.stream()
          .filter(key -> key.contains(text) || content(redis, key).contains(text))
          .toList();
    } finally {
      client.shutdown();
    }
  }

  private static String content(RedisCommands<String, String> redis, String key) {
    return switch (redis.type(key)) {
      case "string" -> Objects.requireNonNullElse(redis.get(key), "");
      case "hash" -> redis.hgetall(key).toString();
      case "list" -> redis.lrange(key, 0, -1).toString();
      case "set" -> redis.smembers(key).toString();
      case "zset" -> redis.zrange(key, 0, -1).toString();
      case "stream" -> redis.xrange(key, Range.unbounded()).toString();
      default -> "";
    };
  }

  private static boolean isKept(String job) {
    return keysWith(":up:token:" + job).size() == 1;
  }

  @Test
  void onlyTheDerivedTokenIsKeptEncryptedUntilTheJobHasEnded(CapturedOutput output) {
    String alices = submitted("alice", "{\"tool\": \"wait\"}");
    String bobs = submitted("bob", "{\"tool\": \"wait\"}");
    await().atMost(LIMIT).until(() -> UPSTREAM.calls("wait").size() >= 2);
    List<String> secrets =
        UPSTREAM.calls("wait").stream().map(Received::token).collect(Collectors.toList());
    assertThat(secrets.stream().map(UPSTREAM::subject)).contains("alice", "bob");
    assertThat(isKept(alices)).isTrue();
    assertThat(isKept(bobs)).isTrue();
    secrets.addAll(List.of(token("alice"), token("bob")));
    for (String secret : secrets) {
      assertThat(keysWith(secret)).isEmpty();
      assertThat(output.getAll()).doesNotContain(secret);
      assertThat(rest("alice", "GET", "/jobs/" + alices, "").text).doesNotContain(secret);
    }

    UPSTREAM.gate.countDown();
    assertThat(ended("alice", alices).path("state").asString()).isEqualTo("completed");
    assertThat(ended("bob", bobs).path("state").asString()).isEqualTo("completed");
    assertThat(rest("alice", "GET", "/jobs/" + alices + "/result", "").text)
        .contains("you are alice");
    assertThat(rest("bob", "GET", "/jobs/" + bobs + "/result", "").text).contains("you are bob");
    await().atMost(LIMIT).until(() -> !isKept(alices) && !isKept(bobs));
    assertThat(UPSTREAM.received)
        .noneMatch(came -> TOKENS.containsValue(came.token()))
        .filteredOn(came -> came.method().equals("tools/list"))
        .allMatch(came -> UPSTREAM.subject(came.token()).isEmpty());
  }

  @Test
  void theExchangeNamesTheUpstream() {
    ended("carol", submitted("carol", "{\"tool\": \"whoami\"}"));

    Map<String, String> form =
        UPSTREAM.forms.stream()
            .filter(each -> token("carol").equals(each.get("subject_token")))
            .findFirst()
            .orElseThrow();
    assertThat(form)
        .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .containsEntry("audience", "notes")
        .containsEntry("resource", UPSTREAM.url());
    assertThat(form.get("authorization")).startsWith("Basic ");
  }

  @Test
  void aCallOverMcpCarriesItsCallerToo() {
    McpHttp.Answer answer =
        replicas
            .get(API)
            .modernCall("whoami", "{}")
            .header("Authorization", "Bearer " + token("dave"))
            .send();
    assertThat(answer.text).contains("you are dave");
  }

  @Test
  void aTokenThatEndsBeforeTheJobRunsFailsItAtOnce() {
    UPSTREAM.lifetime = 1;
    JsonNode job = ended("erin", submitted("erin", "{\"tool\": \"whoami\", \"delay_seconds\": 3}"));
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("failed");
    assertThat(job.path("attempt").asInt()).isEqualTo(1);
    assertThat(job.toString()).contains("has expired", "submit the call again");
  }

  @Test
  void theTokenOfACancelledJobIsDeleted() {
    String job = submitted("frank", "{\"tool\": \"whoami\", \"delay_seconds\": 600}");
    assertThat(isKept(job)).isTrue();
    assertThat(rest("frank", "POST", "/jobs/" + job + "/cancel", "").status()).isLessThan(300);
    await().atMost(LIMIT).until(() -> !isKept(job));
  }

  @Test
  void aCallThatCannotBeCarriedIsRefusedBeforeItIsStored() {
    assertThatThrownBy(() -> replicas.bean(API, Jobs.class).call("whoami", Map.of()))
        .isInstanceOf(IntakeException.class)
        .hasMessageContaining("has no known caller");
    UPSTREAM.unknown = "mallory";
    McpHttp.Answer refused = rest("mallory", "POST", "/jobs", "{\"tool\": \"whoami\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text).contains("gives no access token for the caller");
    McpHttp.Answer batch =
        rest("alice", "POST", "/batches", "{\"jobs\": [{\"tool\": \"whoami\"}]}");
    assertThat(batch.status()).as(batch.text).isBetween(400, 422);
    assertThat(batch.text).contains("submit it so");
  }
}
