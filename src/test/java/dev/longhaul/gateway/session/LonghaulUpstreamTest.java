package dev.longhaul.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.UpstreamConfig.SessionScope;
import dev.longhaul.gateway.process.Children;
import dev.longhaul.gateway.rpc.HttpConnections;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.WireLimits;
import dev.longhaul.gateway.session.KnownEras.Known;
import dev.longhaul.gateway.session.UpstreamSession.Era;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.thread.Threads;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.Question;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.node.ObjectNode;

/** This server itself as an upstream: it makes tasks of slow calls in both eras. */
@SpringBootTest(
    classes = {LonghaulApplication.class, LonghaulUpstreamTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"longhaul.mcp.grace=100ms", "longhaul.mcp.hold=30s"})
@DirtiesContext
@Timeout(120)
class LonghaulUpstreamTest {
  private static final Semaphore GO = new Semaphore(0);
  private static final BlockingQueue<String> STOPPED = new LinkedBlockingQueue<>();

  private final Children children = new Children(null);
  private final HttpConnections connections = new HttpConnections(ObservationRegistry.NOOP);

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  static class Slow {
    @McpTool(name = "wait_for_test", description = "Waits for the test")
    String waitForTest() throws InterruptedException {
      try {
        GO.acquire();
        return "waited";
      } catch (InterruptedException e) {
        STOPPED.add("wait_for_test");
        throw e;
      }
    }

    @McpTool(name = "ask_name", description = "Asks for a name")
    String askName() {
      ObjectNode params = TestUpstream.object().put("message", "who?");
      params
          .putObject("requestedSchema")
          .put("type", "object")
          .putObject("properties")
          .putObject("name")
          .put("type", "string");
      var answer =
          JobContext.current()
              .ask(List.of(new Question(null, Question.ELICITATION, params)))
              .getFirst();
      return "hello " + answer.path("content").path("name").asString("");
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Slow slow() {
      return new Slow();
    }
  }

  @AfterEach
  void close() {
    children.close();
    connections.close();
  }

  @Test
  void itsEraIsModern() throws Exception {
    try (var session = session(KnownEras.inMemory())) {
      assertThat(session.facts().era()).isEqualTo(Era.MODERN);
      assertThat(session.list("tools/list"))
          .extracting(tool -> tool.path("name").asString(""))
          .contains("wait_for_test", "ask_name");
    }
  }

  @ParameterizedTest
  @EnumSource(Era.class)
  void aSlowCallIsATaskWhoseResultComes(Era era) throws Exception {
    try (var session = session(always(era))) {
      var feed = new RecordingFeed();
      var result = running(session, feed, new Thread[1]);
      assertThat(feed.tasks.poll(60, TimeUnit.SECONDS)).isNotNull();
      GO.release();
      assertThat(text(result.get(60, TimeUnit.SECONDS))).isEqualTo("\"waited\"");
    }
  }

  @ParameterizedTest
  @EnumSource(Era.class)
  void anInterruptCancelsIt(Era era) throws Exception {
    try (var session = session(always(era))) {
      var feed = new RecordingFeed();
      Thread[] thread = new Thread[1];
      var result = running(session, feed, thread);
      assertThat(feed.tasks.poll(60, TimeUnit.SECONDS)).isNotNull();
      thread[0].interrupt();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> result.get(60, TimeUnit.SECONDS))
          .withCauseInstanceOf(InterruptedException.class);
      assertThat(STOPPED.poll(60, TimeUnit.SECONDS)).isEqualTo("wait_for_test");
    }
  }

  @ParameterizedTest
  @EnumSource(Era.class)
  void itsQuestionIsAsked(Era era) throws Exception {
    try (var session = session(always(era))) {
      var feed = new RecordingFeed();
      ObjectNode result = session.call("tools/call", call("ask_name"), feed);
      assertThat(text(result)).isEqualTo("\"hello Ada\"");
      assertThat(feed.questions).hasSize(1);
    }
  }

  private static String text(ObjectNode result) {
    return result.path("content").path(0).path("text").toString();
  }

  private static CompletableFuture<ObjectNode> running(
      UpstreamSession session, CallFeed feed, Thread[] thread) {
    var result = new CompletableFuture<ObjectNode>();
    thread[0] =
        Threads.platform(
            "call",
            () -> {
              try {
                result.complete(session.call("tools/call", call("wait_for_test"), feed));
              } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  private UpstreamSession session(KnownEras eras) throws InterruptedException {
    var url =
        new Connection.Url(
            URI.create("http://localhost:" + port + "/mcp"), HttpKind.DETECTED, Map.of());
    var peers =
        new UpstreamPeers(
            children, connections, WireLimits.DEFAULT, (_, _, _) -> RequestHeaders.NONE);
    return new ProbingSessions(peers, eras, "1", SessionLimits.DEFAULT)
        .open(Link.config(url, SessionScope.SHARED), SessionListener.NONE);
  }

  private static KnownEras always(Era era) {
    return new KnownEras() {
      @Override
      public Optional<Known> find(String digest) {
        return Optional.of(new Known(era, HttpKind.STREAMABLE));
      }

      @Override
      public void put(String digest, Known known) {}

      @Override
      public void forget(String digest) {}
    };
  }

  private static ObjectNode call(String tool) {
    ObjectNode params = TestUpstream.object().put("name", tool);
    params.putObject("arguments");
    return params;
  }
}
