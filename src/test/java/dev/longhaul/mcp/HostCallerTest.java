package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestRedis;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A host application with platform threads whose security finds the caller through the request's
 * thread, as Spring Security does.
 */
@SpringBootTest(
    classes = {LonghaulApplication.class, HostCallerTest.Host.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.threads.virtual.enabled=false",
      "longhaul.role=api",
      "longhaul.mcp.grace=0s"
    })
@DirtiesContext
class HostCallerTest {
  private static final ThreadLocal<@Nullable String> USER = new ThreadLocal<>();

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    // Computed once: a supplier is called at every read of the property.
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Host {
    @Bean
    OncePerRequestFilter security() {
      return new OncePerRequestFilter() {
        @Override
        protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
          USER.set(request.getHeader("Test-User"));
          try {
            chain.doFilter(new Secured(request), response);
          } finally {
            USER.remove();
          }
        }
      };
    }
  }

  private static final class Secured extends HttpServletRequestWrapper {
    Secured(HttpServletRequest request) {
      super(request);
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
      String user = USER.get();
      return user == null ? null : () -> user;
    }
  }

  @Test
  void aJobIsItsUsersOnEveryFrontDoor() {
    McpHttp http = new McpHttp(port);
    String job =
        """
        {"method": "tools/call",
         "params": {"name": "profile_dataset", "arguments": {"content": "a,b\\n1,2"}}}
        """;
    String id =
        http.at("/api/v1/jobs")
            .raw(job)
            .header("Test-User", "ann")
            .send()
            .json()
            .path("id")
            .asString();

    assertThat(task(http, id, "ann").has("result")).isTrue();
    assertThat(task(http, id, "bob").path("error").path("code").asInt()).isEqualTo(-32602);
  }

  @Test
  void aSessionIsItsUsersFromBeginningToEnd() {
    McpHttp http = new McpHttp(port);
    var params = Json.object("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}");
    String session =
        http.raw(McpHttp.request(0, "initialize", params).toString())
            .header("Test-User", "ann")
            .send()
            .response
            .headers()
            .firstValue("Mcp-Session-Id")
            .orElseThrow();
    var ping = http.legacy(session, "ping", Replies.object());
    assertThat(ping.header("Test-User", "bob").send().status()).isEqualTo(404);
    assertThat(ping.header("Test-User", "ann").send().status()).isEqualTo(200);
    var end = http.raw("").method("DELETE").header("Mcp-Session-Id", session);
    assertThat(end.header("Test-User", "bob").send().status()).isEqualTo(404);
    assertThat(end.header("Test-User", "ann").send().status()).isEqualTo(204);
  }

  @Test
  void aSessionOf20241105IsItsUsersToo() {
    McpHttp http = new McpHttp(port);
    try (Stream stream = http.at("/sse").raw("").method("GET").header("Test-User", "ann").open()) {
      McpHttp posts = http.at(stream.event().data());
      String ping = McpHttp.request(1, "ping", Replies.object()).toString();
      McpHttp.Answer taken = posts.raw(ping).header("Test-User", "ann").send();
      assertThat(taken.status()).as(taken.text).isEqualTo(202);
      assertThat(posts.raw(ping).header("Test-User", "bob").send().status()).isEqualTo(404);
      assertThat(stream.event().json().path("id").asInt()).isEqualTo(1);
    }
  }

  private static tools.jackson.databind.JsonNode task(McpHttp http, String id, String user) {
    return http.modernTask("tasks/get", id).header("Test-User", user).send().json();
  }
}
