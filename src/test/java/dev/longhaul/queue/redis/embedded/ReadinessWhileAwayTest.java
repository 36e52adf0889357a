package dev.longhaul.queue.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The readiness of a process whose Redis has ended because of a full disk. */
@Timeout(180)
class ReadinessWhileAwayTest {
  @TempDir Path directory;

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void theProcessIsNotReadyUntilItsRedisIsBack() throws Exception {
    Path full = directory.resolve("full");
    Path program = FullDisk.program(directory, full);
    try (var application =
        new SpringApplicationBuilder(LonghaulApplication.class)
            .run(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--longhaul.standalone=true",
                "--longhaul.embedded-redis.enabled=true",
                "--longhaul.embedded-redis.data-directory=" + directory.resolve("data"),
                "--longhaul.embedded-redis.executable=" + program)) {
      String port = application.getEnvironment().getRequiredProperty("local.server.port");
      becomes(port, 200);

      Files.createFile(full);
      long pid = application.getBean(EmbeddedRedis.class).pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      becomes(port, 503);
      assertThat(status(port, "liveness")).as("a restart would not make room").isEqualTo(200);

      Files.delete(full);
      becomes(port, 200);
    }
  }

  private static void becomes(String port, int expected) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> status(port, "readiness") == expected);
  }

  private static int status(String port, String probe) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/health/" + probe);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode();
    }
  }
}
