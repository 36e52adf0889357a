package dev.longhaul.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.longhaul.testing.RedisServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Longhaul as a library of an application that has commons-pool2 on its class path. */
@Timeout(60)
class PooledConnectionsTest {
  // Longer than the test may take, so that a wait fails the test.
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Test
  void aPoolDoesNotHandOutTheConnectionThatIsLost() {
    try (var redis = RedisServer.start(RedisServer.bundled())) {
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
          .withBean(PooledConnections.class)
          .withPropertyValues(
              "spring.data.redis.url=redis://127.0.0.1:" + redis.port(),
              "spring.data.redis.timeout=" + TIMEOUT)
          .run(context -> {
            var factory = context.getBean(LettuceConnectionFactory.class);
            assertThat(factory.getClientConfiguration())
                .isInstanceOf(LettucePoolingClientConfiguration.class);
            failsWhileAway(factory, redis);
          });
    }
  }

  private static void failsWhileAway(LettuceConnectionFactory factory, RedisServer redis)
      throws Exception {
    var connections = new RedisConnections(factory, TIMEOUT);
    StringRedisTemplate template = new StringRedisTemplate(factory);
    template.afterPropertiesSet();
    try {
      assertThat(connections.await(connections.shared().ping())).isEqualTo("PONG");
      template.opsForValue().set("k", "v");
      // Sent when the connection is lost already, so there is no reply.
      assertThat(connections.await(connections.shared().clientPause(TIMEOUT.toMillis())))
          .isEqualTo("OK");
      var failure = new CompletableFuture<Throwable>();
      Thread underWay =
          Thread.ofPlatform()
              .daemon()
              .start(() -> failure.complete(catchThrowable(() -> template.opsForValue().get("k"))));
      await().until(() -> underWay.getState() == Thread.State.TIMED_WAITING);

      redis.kill();

      assertThat(failure.get()).isInstanceOf(RuntimeException.class);
      for (int call = 0; call < 3; call++) {
        assertThatThrownBy(() -> template.opsForValue().get("k"))
            .isInstanceOf(RuntimeException.class);
      }

      redis.restart();
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(RuntimeException.class)
          .until(() -> {
            template.opsForValue().set("k", "again");
            return "again".equals(template.opsForValue().get("k"));
          });
    } finally {
      connections.close();
    }
  }
}
