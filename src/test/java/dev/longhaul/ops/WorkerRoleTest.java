package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.util.TestSocketUtils;

/** A worker process with a management port has one server with Actuator and no front door. */
class WorkerRoleTest {
  private static final int PORT = TestSocketUtils.findAvailableTcpPort();
  private static ConfigurableApplicationContext application;

  // Started as in production, because early checks do not see properties that tests add later.
  @BeforeAll
  static void start() {
    application =
        new SpringApplicationBuilder(LonghaulApplication.class)
            .run(
                "--longhaul.standalone=true",
                "--longhaul.role=worker",
                "--management.server.port=" + PORT,
                "--spring.data.redis.url=" + TestRedis.url(),
                "--longhaul.namespace=" + TestRedis.namespace());
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator/health", "/actuator/prometheus"})
  void servesActuator(String path) throws Exception {
    assertThat(status(path)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/mcp", "/api/v1/jobs", "/api/v1/tools", "/v3/api-docs", "/swagger-ui.html"})
  void hasNoFrontDoors(String path) throws Exception {
    assertThat(status(path)).isEqualTo(404);
  }

  private static int status(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + path)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode();
    }
  }
}
