package dev.longhaul.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.queue.redis.DocumentedUser;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TestRedis;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** API keys with the ACL user of docs/operations.md. */
class KeysOfTheDocumentedUserTest {
  private static final String OPERATOR = "the-operators-secret-of-32-chars";
  private static final String BOSS = "user default on nopass ~* &* +@all";

  @Test
  void aChangeOfAKeyIsMadeAndHeardOf() throws Exception {
    String namespace = TestRedis.namespace();
    try (var redis = RedisServer.start(RedisServer.bundled(), BOSS, DocumentedUser.line());
        var server = start(redis, namespace)) {
      var heard = new CompletableFuture<String>();
      server
          .bean(Channels.class)
          .hear(
              new KeyTags(namespace).tag() + ":keys:changed",
              new Channels.Listener() {
                @Override
                public void message(String text) {
                  heard.complete(text);
                }

                @Override
                public void subscribed() {}
              });

      assertThat(created(server)).isEqualTo(201);
      assertThat(heard.get(60, TimeUnit.SECONDS)).isNotEmpty();
      assertThat(server.with(OPERATOR, "DELETE /api/v1/keys/ci", "").status()).isEqualTo(204);
    }
  }

  @Test
  void aChangeThatNobodyCanBeToldOfIsMadeAllTheSame() {
    String namespace = TestRedis.namespace();
    String silent = DocumentedUser.line().replaceAll(" &\\S*\\}:\\*", "");
    try (var redis = RedisServer.start(RedisServer.bundled(), BOSS, silent);
        var server = start(redis, namespace)) {
      assertThat(created(server)).isEqualTo(201);
      assertThat(server.with(OPERATOR, "DELETE /api/v1/keys/ci", "").status()).isEqualTo(204);
    }
  }

  private static Server start(RedisServer redis, String namespace) {
    String user = DocumentedUser.NAME + ":" + DocumentedUser.PASSWORD;
    return Server.start(
        redis.url().replace("//", "//" + user + "@"),
        namespace,
        "--longhaul.redis.check=report",
        "--longhaul.security.api-keys.operator.secret=" + OPERATOR,
        "--longhaul.security.api-keys.operator.scopes=jobs:admin");
  }

  private static int created(Server server) {
    String key = "{\"name\":\"ci\",\"scopes\":[\"jobs:read\"]}";
    return server.with(OPERATOR, "POST /api/v1/keys", key).status();
  }
}
