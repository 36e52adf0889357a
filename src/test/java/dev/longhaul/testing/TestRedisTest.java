package dev.longhaul.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

class TestRedisTest {
  @Test
  void theSharedRedisTakesAndGivesValues() {
    var key = TestRedis.namespace() + ":key";
    withTemplate(
        TestRedis.url(),
        template -> {
          template.opsForValue().set(key, "value");
          assertThat(template.opsForValue().getAndDelete(key)).isEqualTo("value");
        });
  }

  @Test
  void aPrivateRedisComesBackWithItsDataAfterAKill() {
    try (var redis = TestRedis.start()) {
      var port = redis.port();
      withTemplate(redis.url(), template -> template.opsForValue().set("key", "value"));
      redis.kill();
      redis.restart();
      assertThat(redis.port()).isEqualTo(port);
      withTemplate(
          redis.url(),
          template -> assertThat(template.opsForValue().get("key")).isEqualTo("value"));
    }
  }

  private static void withTemplate(
      String url, java.util.function.Consumer<StringRedisTemplate> use) {
    var uri = URI.create(url);
    var configuration = new RedisStandaloneConfiguration(uri.getHost(), uri.getPort());
    configuration.setPassword(RedisPassword.of(uri.getUserInfo().split(":", 2)[1]));
    var factory = new LettuceConnectionFactory(configuration);
    factory.afterPropertiesSet();
    factory.start();
    try {
      use.accept(new StringRedisTemplate(factory));
    } finally {
      factory.destroy();
    }
  }
}
