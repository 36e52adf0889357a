package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.queue.redis.embedded.RunningEmbeddedRedis;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.mock.env.MockEnvironment;

/** A client without a key, of a server that requires one or a token. */
@Hostile(
    authorized = true,
    settings = {
      "longhaul.security.api-keys.operator.secret=the-operators-secret-of-32-chars",
      "longhaul.security.api-keys.operator.scopes=jobs:admin",
      "longhaul.embedded-redis.data-directory=data-of-redis"
    })
class KeyAttack {
  private static final String GUESS = "lh_GUESSGUESSGUESSGUESSGUESSGUESSGUESSGUES";

  @Test
  void guessingDoesNotReachRedis(Target target) throws Exception {
    long before = reads(target);
    for (int i = 0; i < 500; i++) {
      try (var connection = target.connect()) {
        connection.send(get("/api/v1/jobs", "X-API-Key: " + GUESS + (100 + i % 900)));
        assertThat(connection.answer().status()).isEqualTo(401);
      }
    }
    // Once in two seconds, however many there are.
    assertThat(reads(target) - before).isLessThan(250);
  }

  @Test
  void noSecretGetsIntoTheLog(Target target) throws Exception {
    for (String request :
        new String[] {
          get("/api/v1/jobs?key=" + GUESS + "999", "X: y"),
          get("/api/v1/jobs", "X-API-Key: " + GUESS),
          get("/api/v1/jobs", "Authorization: Bearer " + GUESS),
          get("/mcp", "Authorization: " + GUESS),
          get("/api/v1/jobs", "X-API-Key: " + GUESS + "\r\nX-API-Key: " + GUESS),
          get("/api/v1/jobs", "X-API-Key: " + GUESS + "\r\nAuthorization: Bearer x"),
          get("/api/v1/jobs", "X-API-Key: " + GUESS.repeat(50))
        }) {
      try (var connection = target.connect()) {
        connection.send(request);
        var answer = connection.answer();
        assertThat(answer.status()).isIn(400, 401, 431);
        assertThat(answer.body()).doesNotContain(GUESS);
      }
    }
    assertThat(target.log()).doesNotContain("GUESSGUESS", "the-operators-secret");
  }

  @Test
  void noReadingOfAPathOrHeaderMakesAKey(Target target) throws Exception {
    String body = "{\"name\":\"mine\",\"scopes\":[\"jobs:admin\"]}";
    for (String path :
        new String[] {
          "/api/v1/keys",
          "/api/v1/keys/",
          "/api/v1//keys",
          "/api/v1/%6beys",
          "/api/v1/keys;x",
          "/api/v1/health/../keys",
          "/actuator/health/../../api/v1/keys",
          "/.well-known/oauth-protected-resource/../../api/v1/keys"
        }) {
      for (String header : new String[] {"X-API-Key: ", "Authorization: Bearer", "X-Other: y"}) {
        try (var connection = target.connect()) {
          connection.send(
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                  + header
                  + "\r\nContent-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
          assertThat(connection.answer().status()).as(path + " " + header).isIn(400, 401, 403);
        }
      }
    }
    // A token of somebody who is no operator does not either.
    assertThat(target.post("/api/v1/keys", body).statusCode()).isEqualTo(403);
  }

  private static String get(String path, String header) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        + header
        + "\r\n\r\n";
  }

  /** How many simple reads the Redis of the process has served. */
  private static long reads(Target target) {
    var environment =
        new MockEnvironment()
            .withProperty("longhaul.embedded-redis.enabled", "true")
            .withProperty(
                "longhaul.embedded-redis.data-directory",
                target.data().resolveSibling("data-of-redis").toString());
    RunningEmbeddedRedis.addTo(environment);
    var where =
        new RedisStandaloneConfiguration(
            "127.0.0.1", environment.getRequiredProperty("spring.data.redis.port", Integer.class));
    where.setPassword(environment.getRequiredProperty("spring.data.redis.password"));
    var connections = new LettuceConnectionFactory(where);
    connections.afterPropertiesSet();
    connections.start();
    try (var connection = connections.getConnection()) {
      Properties stats = Objects.requireNonNull(connection.serverCommands().info("commandstats"));
      return calls(stats, "cmdstat_get") + calls(stats, "cmdstat_hgetall");
    } finally {
      connections.destroy();
    }
  }

  private static long calls(Properties stats, String command) {
    String text = stats.getProperty(command, "calls=0,");
    return Long.parseLong(text.substring("calls=".length(), text.indexOf(',')));
  }
}
