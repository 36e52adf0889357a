package dev.longhaul.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.testing.RedisServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Timeout(60)
class OpenConnectionsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean(destroyMethod = "close")
    RedisConnections connections(LettuceConnectionFactory factory) {
      var connections = new RedisConnections(factory, TIMEOUT);
      var _ = connections.another();
      return connections;
    }

    @Bean
    OpenConnections openConnections(RedisConnections connections) {
      return new OpenConnections(connections);
    }
  }

  @Test
  void connectionsAreOpenBeforeAnyoneNeedsThemSoAToolThatKeepsTheCommonPoolKeepsNoLeaseFromRenewal()
      throws Exception {
    var kept = new CountDownLatch(1);
    try (var redis = RedisServer.start(RedisServer.bundled())) {
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
          .withUserConfiguration(Application.class)
          .withPropertyValues("spring.data.redis.url=redis://127.0.0.1:" + redis.port())
          .run(context -> {
            var looking =
                new RedisConnections(context.getBean(LettuceConnectionFactory.class), TIMEOUT);
            try {
              await().until(() -> connected(looking) >= 4);
              IntStream.range(0, ForkJoinPool.getCommonPoolParallelism())
                  .forEach(_ -> ForkJoinPool.commonPool().execute(() -> keep(kept)));
              var connections = context.getBean(RedisConnections.class);
              String answer = connections.run(client -> client.ping());
              assertThat(answer).isEqualTo("PONG");
              assertThat(connections.pubSub().isOpen()).isTrue();
            } finally {
              kept.countDown();
              looking.close();
            }
          });
    }
  }

  private static long connected(RedisConnections looking) {
    String clients = looking.run(client -> client.clientList());
    return clients.lines().count();
  }

  private static void keep(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
