package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.rest.RestClient.Answer;
import dev.longhaul.testing.Settings;
import dev.longhaul.testing.TestRedis;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The REST API at a configured path, in an application whose Spring MVC is not at /. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.rest.path=/longhaul/v2",
      "longhaul.standalone=true",
      "spring.mvc.servlet.path=/web",
      "server.servlet.context-path=/app"
    })
@DirtiesContext
class RestPathTest {
  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @Test
  void everyOperationAndEveryLinkIsThere() {
    RestClient rest = new RestClient(port);
    String base = "/app/web/longhaul/v2";
    Answer submitted =
        rest.post(
            base + "/jobs",
            """
            {"tool": "compute_hash", "arguments": {"data": "a"}}
            """);
    assertThat(submitted.status()).as(submitted.response().body()).isEqualTo(202);
    String job = base + "/jobs/" + submitted.json().path("id").asString();
    assertThat(submitted.header("Location")).isEqualTo(job);
    assertThat(submitted.json().path("links").path("self").asString()).isEqualTo(job);
    assertThat(rest.get(job + "?wait_seconds=60").json().path("state").asString())
        .isEqualTo("completed");
    assertThat(rest.get(job + "/result").status()).isEqualTo(200);
    assertThat(rest.post(base + "/execute", "{}").status()).isEqualTo(200);
    assertThat(rest.get("/app/web/v3/api-docs").json().path("paths").propertyNames())
        .isNotEmpty()
        .allMatch(path -> path.startsWith("/longhaul/v2/"));

    assertThat(rest.get("/app/web/api/v1/jobs").status()).isEqualTo(404);
    Answer unknown = rest.get(base + "/nope");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.type()).isEqualTo("unknown-route");
  }

  @Test
  void aPathThatCannotBeServedStopsTheStart() {
    for (String path :
        new String[] {"", "/", "api", "/api/", "/api/**", "/{api}", "/a//b", "/.."}) {
      assertThatThrownBy(
              () -> Settings.of(RestProperties.class, Map.of("longhaul.rest.path", path)))
          .as(path)
          .rootCause()
          .hasMessageContaining("longhaul.rest.path is \"" + path + "\"; it must start with /");
    }
  }
}
