package dev.longhaul.queue.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

class RedisSettingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "url",
        "host",
        "port",
        "username",
        "password",
        "database",
        "ssl.enabled",
        "sentinel.master",
        "sentinel.nodes",
        "cluster.nodes[0]",
        "masterreplica.nodes"
      })
  void whatSaysWhereARedisIsNamesOne(String name) {
    assertThat(names(name, "1")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeout",
        "connect-timeout",
        "client-name",
        "client-type",
        "lettuce.pool.enabled",
        "cluster.max-redirects",
        "repositories.enabled"
      })
  void whatOnlyTunesTheClientNamesNone(String name) {
    assertThat(names(name, "1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"url", "host", "cluster.nodes"})
  void anEmptyValueNamesNone(String name) {
    assertThat(names(name, "")).isFalse();
  }

  @Test
  void aVariableOfTheEnvironmentNamesOne() {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of("SPRING_DATA_REDIS_CLUSTER_NODES", "redis.example:6379")));
    assertThat(RedisSettings.name(environment)).isTrue();
  }

  private static boolean names(String name, String value) {
    return RedisSettings.name(
        new MockEnvironment().withProperty("spring.data.redis." + name, value));
  }
}
