package com.example.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.testing.RawConnection;
import dev.longhaul.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Somebody else's Spring Boot application that only has Longhaul among its dependencies. */
@SpringBootTest(
    classes = {
      HostApplicationTest.HostApplication.class,
      HostApplicationTest.HostController.class,
      HostApplicationTest.HostTools.class
    },
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.config.name=host")
class HostApplicationTest {

  @SpringBootApplication
  static class HostApplication {}

  @RestController
  static class HostController {
    @GetMapping("/hello")
    String hello() {
      return "the host's own page";
    }

    @GetMapping("/api/v1/orders")
    String orders() {
      return "the host's orders";
    }

    @GetMapping("/mcp/setup")
    String setup() {
      return "the host's setup";
    }
  }

  @Component
  static class HostTools {
    @McpTool(name = "host_tool", description = "A tool of the host")
    String run(String who) {
      return "Hello, " + who;
    }
  }

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @LocalServerPort private int port;
  @Autowired private Environment environment;
  @Autowired private ToolCatalogue tools;

  @Test
  void theHostsToolsAreServedAsJobs() throws Exception {
    HttpResponse<String> submitted =
        send(
            HttpRequest.newBuilder(uri("/api/v1/jobs"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        {"method":"tools/call",
                         "params":{"name":"host_tool","arguments":{"who":"host"}}}
                        """)));
    assertThat(submitted.statusCode()).isEqualTo(202);
    String job = submitted.headers().firstValue("Location").orElseThrow();

    assertThat(send(HttpRequest.newBuilder(uri(job + "?wait_seconds=60"))).body())
        .contains("\"state\":\"completed\"");
    assertThat(send(HttpRequest.newBuilder(uri(job + "/result"))).body()).contains("Hello, host");
  }

  @Test
  void theHostKeepsItsOwnPagesAndItsOwnSettings() throws Exception {
    assertThat(send(HttpRequest.newBuilder(uri("/hello"))).body()).isEqualTo("the host's own page");
    assertThat(environment.getProperty("server.address")).isNull();
    assertThat(environment.getProperty("spring.application.name")).isNull();
  }

  @Test
  void theHostsRoutesBesideOursAreItsOwn() throws Exception {
    assertThat(send(strange("/api/v1/orders?a=%ff")).body()).isEqualTo("the host's orders");
    assertThat(send(strange("/mcp/setup")).body()).isEqualTo("the host's setup");
    for (String nowhere : List.of("/api/v1/nope", "/api/v1/jobsite", "/api/v1", "/mcp/nope")) {
      HttpResponse<String> answer = send(strange(nowhere));
      assertThat(answer.statusCode()).as(nowhere).isEqualTo(404);
      assertThat(answer.body()).contains("\"path\":\"" + nowhere).doesNotContain("longhaul");
    }
    assertThat(send(strange("/api/v1/jobs")).statusCode()).isEqualTo(403);
    assertThat(send(HttpRequest.newBuilder(uri("/api/v1/jobs/a/nope"))).body())
        .contains("urn:longhaul:problem:unknown-route");
  }

  @Test
  void noRequestReachesUsPastTheChecks() throws Exception {
    try (var connection = new RawConnection(port)) {
      connection.send(
          "GET /api/v1/jobs/..;/result HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n");
      assertThat(connection.answer().text()).contains(" 400 ").contains("more than one way");
    }
  }

  @Test
  void theHostServesNothingThatItDidNotAskFor() throws Exception {
    assertThat(tools.all().stream().map(Tool::name))
        .contains("host_tool")
        .doesNotContain("fetch_urls", "profile_dataset", "compute_hash", "get_concurrency_status");
    assertThat(send(HttpRequest.newBuilder(uri("/v3/api-docs"))).body())
        .contains("/api/v1/orders")
        .doesNotContain("/api/v1/jobs", "Longhaul");
  }

  /** With an Origin that we would turn away. */
  private HttpRequest.Builder strange(String path) {
    return HttpRequest.newBuilder(uri(path)).header("Origin", "https://elsewhere.example");
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + port).resolve(path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
