package dev.longhaul.project.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.TemplateCommand;
import dev.longhaul.testing.RedisCluster;
import dev.longhaul.testing.RedisSentinels;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TlsRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker with the settings and secrets of the chart finds each kind of Redis. */
@Tag("topology")
class ChartTopologiesTest {
  private static final String PASSWORD = "the-password-of-longhaul";

  @TempDir private Path directory;

  @Test
  void overTlsWithUserPasswordAndAnAuthorityOfOnesOwn() throws Exception {
    try (var redis =
        TlsRedis.start(
            RedisServer.installed(),
            "user default off",
            "user longhaul on >" + PASSWORD + " ~* &* +@all")) {
      startsAndIsUp(
          chart ->
              chart
                  .set("redis.url", "rediss://localhost:" + redis.port())
                  .set("redis.username", "longhaul")
                  .set("redis.passwordSecret.name", "redis")
                  .set("redis.tls.caSecret.name", "authority"),
          Map.of(
              "redis/password",
              PASSWORD + "\n",
              "authority/ca.crt",
              Files.readString(redis.certificate())));
    }
  }

  @Test
  void throughSentinels() throws Exception {
    try (var redis = RedisSentinels.start(RedisServer.installed(), 0)) {
      startsAndIsUp(
          chart -> {
            chart.set("redis.url", "").set("redis.sentinel.master", RedisSentinels.NAME);
            list(chart, "redis.sentinel.nodes", redis.nodes());
          },
          Map.of());
    }
  }

  @Test
  void asACluster() throws Exception {
    try (var redis = RedisCluster.start(RedisServer.installed(), 3)) {
      startsAndIsUp(
          chart -> {
            chart.set("redis.url", "").set("redis.shards", 4);
            list(chart, "redis.cluster.nodes", redis.nodes());
          },
          Map.of());
    }
  }

  private void startsAndIsUp(Consumer<TemplateCommand> values, Map<String, String> secrets)
      throws Exception {
    var rendered = Chart.render("minimal", values);
    try (var application =
        MountedPod.of(rendered, "try-longhaul-worker", secrets, directory).start()) {
      assertThat(MountedPod.get(application, "/actuator/health/queue"))
          .contains("\"status\":\"UP\"");
    }
  }

  private static void list(TemplateCommand chart, String value, List<String> entries) {
    for (int i = 0; i < entries.size(); i++) {
      chart.set(value + "[" + i + "]", entries.get(i));
    }
  }
}
