package dev.longhaul.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.testing.TestRedis;
import dev.longhaul.testsupport.TestClock;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A server with keys is closed for good: not even the loss of Redis opens it. */
class KeysWithoutRedisTest {
  private static final String OPERATOR = "the-operators-secret-of-32-chars";
  private static final String UNKNOWN = "lh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  @Test
  void withoutRedisOrWithoutKeysNobodyComesIn() {
    try (var redis = TestRedis.start();
        var server =
            Server.start(
                redis.url(),
                TestRedis.namespace(),
                "--server.address=0.0.0.0",
                "--longhaul.redis.command-timeout=2s",
                "--longhaul.security.api-keys.operator.secret=" + OPERATOR,
                "--longhaul.security.api-keys.operator.scopes=jobs:admin,mcp:call")) {
      String secret =
          server
              .with(
                  OPERATOR, "POST /api/v1/keys", "{\"name\":\"reader\",\"scopes\":[\"jobs:read\"]}")
              .json()
              .path("secret")
              .asString();
      assertThat(server.with(secret, "GET /api/v1/tools", "").status()).isEqualTo(200);

      redis.kill();
      await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> server.with(secret, "GET /api/v1/tools", "").status() == 503);
      var unavailable = server.with(secret, "GET /api/v1/tools", "");
      assertThat(unavailable.header("Retry-After")).isEqualTo("5");
      assertThat(unavailable.type()).isEqualTo("authorization-unavailable");
      assertThat(server.with(UNKNOWN, "GET /api/v1/tools", "").status()).isEqualTo(503);
      assertThat(server.with("unknown", "GET /api/v1/tools", "").status()).isEqualTo(401);
      assertThat(server.send("GET /api/v1/tools", "").status()).isEqualTo(401);
      assertThat(server.send("GET /actuator/health/liveness", "").status()).isEqualTo(200);
      assertThat(server.send("GET /actuator/prometheus", "").status()).isEqualTo(401);
      // A key of the settings needs no Redis.
      assertThat(server.with(OPERATOR, "GET /api/v1/tools", "").status()).isEqualTo(200);

      redis.restart();
      await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> server.with(secret, "GET /api/v1/tools", "").status() == 200);

      server.with(OPERATOR, "DELETE /api/v1/keys/reader", "");
      assertThat(server.with(secret, "GET /api/v1/tools", "").status()).isEqualTo(401);
      assertThat(server.send("GET /api/v1/tools", "").status()).isEqualTo(401);
    }
  }

  @Test
  void theStreamOfAnExpiredKeyOfTheSettingsEndsWhileRedisIsAway() throws Exception {
    String brief = "a-secret-that-is-good-for-an-hour";
    TestClock clock = TestClock.running();
    try (var redis = TestRedis.start();
        var server =
            Server.start(
                clock,
                redis.url(),
                TestRedis.namespace(),
                "--longhaul.redis.command-timeout=2s",
                "--longhaul.security.api-keys.operator.secret=" + OPERATOR,
                "--longhaul.security.api-keys.operator.scopes=jobs:admin",
                "--longhaul.security.api-keys.brief.secret=" + brief,
                "--longhaul.security.api-keys.brief.expires=" + clock.instant().plusSeconds(3600),
                "--longhaul.security.api-keys.brief.scopes=mcp:call")) {
      for (int i = 0; i < 10; i++) { // of which any may be looked at first
        String body = "{\"name\":\"other-" + i + "\",\"scopes\":[\"mcp:call\"]}";
        var secret = server.with(OPERATOR, "POST /api/v1/keys", body).json().path("secret");
        var _ = stream(server, secret.asString());
      }
      CompletableFuture<Long> lines = stream(server, brief);

      redis.kill();
      await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> server.with(UNKNOWN, "GET /api/v1/tools", "").status() == 503);
      assertThat(lines).isNotDone();
      clock.advance(Duration.ofHours(2));

      assertThat(lines.get(60, TimeUnit.SECONDS)).isPositive();
    }
  }

  private static CompletableFuture<Long> stream(Server server, String key) throws Exception {
    Stream<String> lines =
        server
            .open(key, "GET /sse", "", "Accept", "text/event-stream")
            .get(60, TimeUnit.SECONDS)
            .body();
    return CompletableFuture.supplyAsync(lines::count, Threads.reused("test-streams"));
  }
}
