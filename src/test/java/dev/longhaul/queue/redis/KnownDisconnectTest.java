package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TcpProxy;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Commands fail at once on a connection that is known to be lost. */
@Timeout(60)
class KnownDisconnectTest {
  // Longer than the test may take, so that a wait fails the test.
  private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(10);

  private static RedisQueueFixture on(int port) {
    return new RedisQueueFixture(
        TestRedis.namespace(),
        "redis://127.0.0.1:" + port,
        1,
        Duration.ofSeconds(15),
        COMMAND_TIMEOUT);
  }

  @Test
  void aCallFailsWithoutWaitingForTheCommandTimeout() {
    try (var redis = RedisServer.start(RedisServer.bundled())) {
      var queue = on(redis.port());
      queue.open();
      try {
        JobQueue jobs = queue.jobs(100);
        JobId id = jobs.enqueue(List.of(Requests.repeatable())).getFirst();

        redis.kill();

        assertThatThrownBy(() -> jobs.find(id)).isInstanceOf(QueueUnavailableException.class);
        assertThatThrownBy(() -> jobs.enqueue(List.of(Requests.repeatable())))
            .isInstanceOf(QueueUnavailableException.class);
        assertThatThrownBy(() -> jobs.watch(id, () -> {}))
            .isInstanceOf(QueueUnavailableException.class);
        redis.restart();
        await()
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptions()
            .until(() -> !jobs.enqueue(List.of(Requests.repeatable())).isEmpty());
      } finally {
        queue.close();
      }
    }
  }

  @Test
  void aConnectionThatIsMadeAgainAtOnceGoesUnnoticed() {
    try (var redis = RedisServer.start(RedisServer.bundled());
        var proxy = TcpProxy.to(redis.port())) {
      var queue = on(proxy.port());
      queue.open();
      try {
        JobQueue jobs = queue.jobs(100);
        JobId id = jobs.enqueue(List.of(Requests.repeatable())).getFirst();
        for (int cut = 0; cut < 5; cut++) {
          proxy.links().forEach(TcpProxy.Link::cut);
          assertThat(jobs.find(id)).isPresent();
        }
      } finally {
        queue.close();
      }
    }
  }

  @Test
  void whatAClosedConnectionThrowsIsOneFamilyAtBothDoors() {
    try (var redis = RedisServer.start(RedisServer.bundled())) {
      var where = new RedisStandaloneConfiguration("127.0.0.1", redis.port());
      var factory = new LettuceConnectionFactory(where);
      factory.afterPropertiesSet();
      factory.start();
      var connections = new RedisConnections(factory, COMMAND_TIMEOUT);
      CompletableFuture<String> cancelled = new CompletableFuture<>();
      cancelled.cancel(true);
      assertThatThrownBy(() -> connections.await(cancelled))
          .isInstanceOf(DataAccessException.class);
      assertThatThrownBy(() -> queue(connections).await(cancelled))
          .isInstanceOf(QueueUnavailableException.class);
      connections.close();
      factory.destroy();

      var closed = new RedisConnections(factory, COMMAND_TIMEOUT);
      assertThatThrownBy(closed::shared).isInstanceOf(DataAccessException.class);
      assertThatThrownBy(() -> queue(closed).shared())
          .isInstanceOf(QueueUnavailableException.class);
    }
  }

  private static QueueConnections queue(RedisConnections redis) {
    return new QueueConnections(
        redis,
        new Channels(redis),
        new RedisKeys(new KeyTags("n")),
        new RedisQueueProperties.Redis(0.8, 1, 0, Duration.ofSeconds(1), 0, Duration.ofHours(24)));
  }
}
