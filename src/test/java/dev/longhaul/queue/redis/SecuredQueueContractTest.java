package dev.longhaul.queue.redis;

import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.TlsRedis;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** The contract over TLS, with the ACL user of docs/operations.md. */
@Tag("topology")
class SecuredQueueContractTest extends RedisQueueContractTest {

  @Override
  RedisQueueFixture fixture() {
    RedisServer.installed();
    TlsRedis redis = Shared.REDIS;
    var ssl = SslOptions.builder().jdkSslProvider().trustManager(redis.certificate().toFile());
    var options =
        ClientOptions.builder()
            .timeoutOptions(TimeoutOptions.enabled())
            .sslOptions(ssl.build())
            .build();
    return new RedisQueueFixture(
            TestRedis.namespace(),
            as(DocumentedUser.NAME, DocumentedUser.PASSWORD),
            1,
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            client -> client.clientOptions(options).useSsl())
        .watchedAs(as("default", "boss"));
  }

  private static RedisStandaloneConfiguration as(String user, String password) {
    var where = new RedisStandaloneConfiguration("127.0.0.1", Shared.REDIS.port());
    where.setUsername(user);
    where.setPassword(password);
    return where;
  }

  /** The server. It ends with the JVM. */
  private static final class Shared {
    static final TlsRedis REDIS =
        TlsRedis.start(
            RedisServer.installed(), "user default on >boss ~* &* +@all", DocumentedUser.line());
  }
}
