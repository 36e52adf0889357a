package dev.longhaul.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RedisServerTest {
  @Test
  void aKilledServerComesBackOnItsPortWithItsData() {
    try (var redis =
        RedisServer.start(RedisServer.bundled(), "appendonly yes", "appendfsync always")) {
      int port = redis.port();
      assertThat(ask(redis, connection -> connection.set("a", "1"))).isEqualTo("OK");

      redis.kill();
      assertThat(redis.isRunning()).isFalse();
      redis.restart();

      assertThat(redis.port()).isEqualTo(port);
      assertThat(ask(redis, connection -> connection.get("a"))).isEqualTo("1");
    }
  }

  @Test
  void aServerThatDoesNotComeUpSaysWhy() {
    assertThatThrownBy(() -> RedisServer.start(RedisServer.bundled(), "no-such-option yes"))
        .hasMessageContaining("no-such-option");
  }

  @Test
  void nothingIsLeftBehind() {
    Path directory;
    long pid;
    try (var redis = RedisServer.start(RedisServer.bundled())) {
      directory = redis.directory();
      pid = redis.pid();
      redis.freeze();
      redis.thaw();
    }
    assertThat(directory).doesNotExist();
    assertThat(Files.exists(Path.of("/proc", Long.toString(pid), "exe"))).isFalse();
  }

  private static String ask(
      RedisServer redis, Function<RedisCommands<String, String>, String> question) {
    try (var client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      return question.apply(connection.sync());
    }
  }
}
