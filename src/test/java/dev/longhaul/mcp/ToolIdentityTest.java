package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.CatalogueSource;
import dev.longhaul.catalog.Primitives;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.catalog.ToolSource;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Changes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Tools of another source, whose served names move between them, over MCP and REST. */
@Timeout(300)
class ToolIdentityTest {
  private static Replicas replicas;
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static volatile List<Tool> served = List.of();

  /** The source. */
  @Configuration(proxyBeanMethods = false)
  static class Source {
    @Bean
    CatalogueSource others() {
      return new CatalogueSource() {
        @Override
        public ToolSource tools() {
          return new Served();
        }

        @Override
        public Primitives primitives() {
          return new RegisteredPrimitives();
        }
      };
    }
  }

  private static final class Served implements ToolSource {
    @Override
    public Optional<Tool> find(String name) {
      return served.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }

    @Override
    public Optional<Tool> runnable(String id) {
      return served.stream().filter(tool -> tool.id().equals(id)).findFirst();
    }

    @Override
    public Collection<Tool> all() {
      return served;
    }
  }

  @BeforeAll
  static void start() {
    replicas = new Replicas(1, Source.class, "--longhaul.mcp.hold=100s");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  @BeforeEach
  void first() {
    serve(tool("lookup", "files/lookup"));
  }

  private static void serve(Tool... tools) {
    served = List.of(tools);
    replicas.bean(0, Changes.class).tools();
  }

  private static Tool tool(String name, String id) {
    Tool plain = Tools.queued(name, _ -> Tools.text(id + " run " + RUNS.incrementAndGet()));
    ToolPolicy cached =
        plain
            .policy()
            .but()
            .times(new ToolPolicy.Times(null, Duration.ofMinutes(5), Duration.ofSeconds(1)))
            .build();
    return new Tool(plain.description(), cached, plain.handler(), Tool.CALL, id);
  }

  private static String call(String tool, String argument) {
    return replicas
        .get(0)
        .modernCall(tool, "{\"q\":\"" + argument + "\"}")
        .send()
        .result()
        .path("content")
        .path(0)
        .path("text")
        .asString();
  }

  private static Answer submit(String tool, String key) {
    String body =
        "{\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":{}},\"idempotency_key\":\"%s\"}"
            .formatted(tool, key);
    return replicas.get(0).at("/api/v1/jobs").raw(body).send();
  }

  private static List<String> jobs(String filter) {
    JsonNode found =
        replicas
            .get(0)
            .at("/api/v1/jobs?tool=" + filter)
            .raw("")
            .header("Content-Type", null)
            .method("GET")
            .send()
            .json();
    return found.path("jobs").valueStream().map(job -> job.path("id").asString()).toList();
  }

  private static Stream<String> listed() {
    return replicas
        .get(0)
        .modern("tools/list", Replies.object())
        .send()
        .result()
        .path("tools")
        .valueStream()
        .map(tool -> tool.path("name").asString());
  }

  @Test
  void aJobStoresTheIdentityAndIsFoundByItAndByTheName() {
    JsonNode job = submit("lookup", "found").json();
    assertThat(job.path("tool").asString()).isEqualTo("files/lookup");
    String id = job.path("id").asString();
    assertThat(jobs("lookup")).contains(id);
    assertThat(jobs("files/lookup")).contains(id);
    serve(tool("lookup", "web/lookup"), tool("files_lookup", "files/lookup"));
    assertThat(jobs("lookup")).as("another tool has the name now").doesNotContain(id);
    assertThat(jobs("files_lookup")).contains(id);
  }

  @Test
  void aToolThatGetsANameDoesNotGetTheResultsOfTheOneBefore() {
    String first = call("lookup", "cached");
    assertThat(first).startsWith("files/lookup run ");
    assertThat(call("lookup", "cached")).isEqualTo(first);
    assertThat(listed()).contains("lookup").doesNotContain("files_lookup");
    serve(tool("lookup", "web/lookup"), tool("files_lookup", "files/lookup"));
    assertThat(listed()).contains("lookup", "files_lookup");
    assertThat(call("lookup", "cached")).startsWith("web/lookup run ");
    assertThat(call("files_lookup", "cached")).as("its own cache").isEqualTo(first);
  }

  @Test
  void anIdempotencyKeyIsForTheToolAndNotForItsName() {
    String first = submit("lookup", "moved").json().path("id").asString();
    serve(tool("lookup", "web/lookup"), tool("files_lookup", "files/lookup"));
    assertThat(submit("lookup", "moved").status()).isEqualTo(409);
    assertThat(submit("files_lookup", "moved").json().path("id").asString()).isEqualTo(first);
  }
}
