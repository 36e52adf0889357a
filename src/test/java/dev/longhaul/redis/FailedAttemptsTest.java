package dev.longhaul.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class FailedAttemptsTest {
  private static final Duration HANDSHAKE = Duration.ofMillis(400);

  // Spring stops the client and later what its event loops share with others, as here.
  @Test
  void aClientStoppedWhileRedisIsDownLogsNoErrorWhenTheTimeOfItsFailedAttemptsIsOver(
      CapturedOutput output) throws Exception {
    var configuration = new RedisConfiguration();
    var builder = DefaultClientResources.builder();
    configuration.longhaulReconnectDelay().customize(builder);
    configuration.longhaulFailedAttempts().customize(builder);
    var resources = builder.build();
    try {
      var failed = new CountDownLatch(3);
      RedisClient client;
      try (var redis = RedisServer.start(RedisServer.bundled())) {
        client =
            RedisClient.create(
                resources,
                RedisURI.builder()
                    .withHost("127.0.0.1")
                    .withPort(redis.port())
                    .withTimeout(HANDSHAKE)
                    .build());
        assertThat(client.connect().sync().ping()).isEqualTo("PONG");
      }
      var events =
          resources
              .eventBus()
              .get()
              .ofType(ReconnectFailedEvent.class)
              .subscribe(_ -> failed.countDown());
      failed.await();
      client.shutdown(Duration.ZERO, Duration.ofMillis(100));
      events.dispose();

      var over = new CountDownLatch(1);
      resources
          .timer()
          .newTimeout(
              _ -> over.countDown(), HANDSHAKE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
      over.await();
    } finally {
      resources.shutdown(0, 5, TimeUnit.SECONDS).await();
    }
    assertThat(output).doesNotContain("Failed to submit a listener notification task");
  }
}
