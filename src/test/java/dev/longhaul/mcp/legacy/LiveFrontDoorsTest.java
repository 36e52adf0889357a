package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

class LiveFrontDoorsTest {
  private LettuceConnectionFactory connections;
  private StringRedisTemplate redis;
  private LegacyKeys keys;

  @BeforeEach
  void begin() {
    connections = TestRedis.connections();
    redis = new StringRedisTemplate(connections);
    keys = LegacyKeys.of(TestRedis.namespace());
  }

  @AfterEach
  void end() {
    connections.destroy();
  }

  @Test
  void aProcessThatDiedIsDeadAlsoForOneThatHasJustStarted() throws Exception {
    Signals signals = new Signals(redis, keys);
    LiveFrontDoors doors = new LiveFrontDoors(signals);
    CompletableFuture<Boolean> lives = CompletableFuture.supplyAsync(() -> doors.lives("dead"));
    // The first call after a start comes before the subscription is there.
    signals.onChannelSubscribed(signals.channel().getBytes(StandardCharsets.UTF_8), 1);
    assertThat(lives.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void aSubscriptionThatIsRenewedIsNoAnswer() throws Exception {
    Signals signals = new Signals(redis, keys);
    byte[] channel = signals.channel().getBytes(StandardCharsets.UTF_8);
    signals.onChannelSubscribed(channel, 1);
    LiveFrontDoors doors = new LiveFrontDoors(signals);
    AtomicBoolean renewed = new AtomicBoolean();
    Consumer<Message> renewing =
        _ -> {
          if (renewed.compareAndSet(false, true)) {
            signals.onChannelSubscribed(channel, 1);
          }
        };
    try (var heard = listening(new Signals(redis, keys), renewing)) {
      assertThat(heard.isListening()).isTrue();
      assertThat(doors.lives("dead")).isFalse();
      assertThat(renewed).isTrue();
    }
  }

  @Test
  void aProcessThatLivesSaysSo() throws Exception {
    Signals here = new Signals(redis, keys);
    Signals there = new Signals(redis, keys);
    LiveFrontDoors doors = new LiveFrontDoors(here);
    LiveFrontDoors other = new LiveFrontDoors(there);
    try (var one = listening(here, _ -> {});
        var two = listening(there, _ -> {})) {
      assertThat(one.isListening() && two.isListening()).isTrue();
      assertThat(doors.lives(other.own())).isTrue();
    }
  }

  /** What a process hears, until it is closed. */
  private record Heard(RedisMessageListenerContainer container) implements AutoCloseable {
    boolean isListening() {
      return container.isListening();
    }

    @Override
    public void close() throws Exception {
      container.destroy();
    }
  }

  private Heard listening(Signals signals, Consumer<Message> also) {
    var container = new RedisMessageListenerContainer();
    container.setConnectionFactory(connections);
    ChannelTopic channel = ChannelTopic.of(signals.channel());
    container.addMessageListener(signals, channel);
    container.addMessageListener((message, _) -> also.accept(message), channel);
    container.afterPropertiesSet();
    container.start();
    return new Heard(container);
  }
}
