package dev.longhaul.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.testing.TcpProxy;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.Changes;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.Question;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** A relay between pipes and a real Longhaul over HTTP. */
@Timeout(240)
class RelayTest {
  private static final String ELICITATION = "{\"elicitation\":{}}";

  /** A new one for each test, so that a tool left over from an earlier test takes no permit. */
  private static volatile Semaphore go = new Semaphore(0);

  private static final BlockingQueue<String> RUNNING = new LinkedBlockingQueue<>();
  private static final BlockingQueue<String> STOPPED = new LinkedBlockingQueue<>();
  private static final Moving SERVER = new Moving();

  /** A Longhaul that is started and stopped by the test, each time at another port. */
  private static final class Moving implements Server {
    private final List<String> namespaces = new ArrayList<>();
    private @Nullable ConfigurableApplicationContext context;
    private volatile @Nullable Address at;

    void start(String namespace) {
      namespaces.add(namespace);
      var started =
          new SpringApplicationBuilder(LonghaulApplication.class, Tools.class)
              .run(
                  "--server.port=0",
                  "--server.address=127.0.0.1",
                  "--spring.threads.virtual.enabled=true",
                  "--spring.data.redis.url=" + TestRedis.url(),
                  "--longhaul.standalone=true",
                  "--longhaul.namespace=" + namespace,
                  "--longhaul.security.api-keys.pipes.secret=" + "k".repeat(32),
                  "--longhaul.security.api-keys.pipes.scopes=mcp:call",
                  "--longhaul.mcp.quiet=50ms",
                  "--longhaul.mcp.keep-alive=100ms",
                  "--longhaul.mcp.retry-after=200ms",
                  "--longhaul.mcp.leave-grace=0s",
                  "--longhaul.mcp.hold=60s",
                  "--longhaul.worker.drain=1s");
      context = started;
      at = at(started.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    static Address at(int port) {
      return new Address(URI.create("http://127.0.0.1:" + port), "k".repeat(32));
    }

    void stop() {
      if (context != null) {
        context.close();
      }
    }

    Address required() {
      Address now = at;
      if (now == null) {
        throw new IllegalStateException();
      }
      return now;
    }

    <T> T bean(Class<T> type) {
      if (context == null) {
        throw new IllegalStateException();
      }
      return context.getBean(type);
    }

    @Override
    public Address address() {
      return required();
    }

    @Override
    public Address after(Address failed) throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(100);
      return required();
    }

    @Override
    public Address running() {
      return required();
    }
  }

  static class Toolset {
    @McpTool(name = "wait_for_test", description = "Says half-way, and waits for the test")
    String waitForTest() throws InterruptedException {
      JobContext job = JobContext.current();
      job.progress(0.5, "half-way");
      RUNNING.add(job.id());
      try {
        go.acquire();
        return "waited";
      } catch (InterruptedException e) {
        STOPPED.add(job.id());
        throw e;
      }
    }

    @McpTool(name = "ask_name", description = "Asks for a name")
    String askName() {
      JsonNode answer =
          JobContext.current()
              .ask(
                  List.of(
                      new Question(
                          null,
                          Question.ELICITATION,
                          Json.object(
                              "{\"message\":\"Who?\",\"requestedSchema\":{\"type\":\"object\","
                                  + "\"properties\":{\"name\":{\"type\":\"string\"}}}}"))))
              .getFirst();
      return "Hello " + answer.path("content").path("name").asString("nobody");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Toolset relayTools() {
      return new Toolset();
    }

    @Bean
    List<SyncToolSpecification> mirroredTool() {
      McpSchema.Tool tool =
          McpSchema.Tool.builder(
                  "mirrored",
                  Map.of(
                      "type",
                      "object",
                      "properties",
                      Map.of(
                          "region",
                          Map.of("type", "string", "x-mcp-header", "Region"),
                          "of",
                          Map.of(
                              "type",
                              "object",
                              "properties",
                              Map.of(
                                  "level", Map.of("type", "integer", "x-mcp-header", "Level"))))))
              .description("Has arguments that headers repeat")
              .build();
      return List.of(
          SyncToolSpecification.builder()
              .tool(tool)
              .callHandler((_, request) ->
                  McpSchema.CallToolResult.builder()
                      .addTextContent("in " + request.arguments())
                      .build())
              .build());
    }
  }

  @BeforeAll
  static void start() {
    SERVER.start(TestRedis.namespace());
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  @BeforeEach
  void forget() {
    Semaphore before = go;
    go = new Semaphore(0);
    before.release(100);
    RUNNING.clear();
    STOPPED.clear();
  }

  private static String take(BlockingQueue<String> from) throws InterruptedException {
    String taken = from.poll(60, TimeUnit.SECONDS);
    assertThat(taken).isNotNull();
    return String.valueOf(taken);
  }

  private static String text(JsonNode response) {
    return response.path("result").path("content").path(0).path("text").asString("");
  }

  @Test
  void aLegacyClientInitializesListsToolsAndHearsTheProgressOfItsCall() throws Exception {
    try (var client = new StdioClient(SERVER)) {
      JsonNode begun = client.initialize("{}");
      assertThat(begun.path("result").path("protocolVersion").asString()).isEqualTo("2025-11-25");
      assertThat(begun.path("result").path("serverInfo").path("name").asString())
          .isEqualTo("longhaul");
      client.legacy(1, "tools/list", "{}");
      assertThat(client.response(1).path("result").path("tools"))
          .extracting(tool -> tool.path("name").asString())
          .contains("wait_for_test", "ask_name");
      client.legacyCall(2, "wait_for_test", "{}");
      take(RUNNING);
      JsonNode progress = client.told("notifications/progress").path("params");
      assertThat(progress.path("progressToken").asString()).isEqualTo("p2");
      assertThat(progress.path("message").asString()).isEqualTo("half-way");
      go.release();
      assertThat(text(client.response(2))).isEqualTo("waited");
    }
  }

  @Test
  void aModernClientDiscoversListsToolsAndHearsTheProgressOfItsCall() throws Exception {
    try (var client = new StdioClient(SERVER)) {
      client.modern(1, "server/discover", "{}", "{}");
      assertThat(client.response(1).path("result").path("supportedVersions").toString())
          .contains("2026-07-28");
      client.modernCall(2, "wait_for_test", "{}");
      take(RUNNING);
      assertThat(
              client.told("notifications/progress").path("params").path("progressToken").asString())
          .isEqualTo("p2");
      go.release();
      assertThat(text(client.response(2))).isEqualTo("waited");
      client.modern(3, "resources/nothing", "{}", "{}");
      assertThat(client.response(3).path("error").path("code").asInt()).isEqualTo(-32601);
    }
  }

  @Test
  void aQuestionReachesALegacyClientAndItsAnswerTheTool() {
    try (var client = new StdioClient(SERVER)) {
      client.initialize(ELICITATION);
      client.legacyCall(1, "ask_name", "{}");
      JsonNode question = client.told("elicitation/create");
      assertThat(question.path("params").path("message").asString()).isEqualTo("Who?");
      client.send(
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + question.path("id")
              + ",\"result\":{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}}");
      assertThat(text(client.response(1))).isEqualTo("Hello Ann");
    }
  }

  @Test
  void aQuestionReachesAModernClientAndItsAnswerTheTool() {
    try (var client = new StdioClient(SERVER)) {
      String name = "{\"name\":\"ask_name\",\"arguments\":{}";
      client.modern(1, "tools/call", name + "}", ELICITATION);
      JsonNode asked = client.response(1).path("result");
      assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
      String key = asked.path("inputRequests").propertyNames().iterator().next();
      client.modern(
          2,
          "tools/call",
          name
              + ",\"requestState\":"
              + asked.path("requestState")
              + ",\"inputResponses\":{\""
              + key
              + "\":{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}}}",
          ELICITATION);
      assertThat(text(client.response(2))).isEqualTo("Hello Ann");
    }
  }

  @Test
  void aCancelledCallOfEitherEraStopsItsToolAndGetsNoAnswer() throws Exception {
    try (var client = new StdioClient(SERVER)) {
      client.initialize("{}");
      client.legacyCall(7, "wait_for_test", "{}");
      String legacy = take(RUNNING);
      client.send(cancelled("7"));
      assertThat(take(STOPPED)).isEqualTo(legacy);
      client.modernCall(8, "wait_for_test", "{}");
      String modern = take(RUNNING);
      client.send(cancelled("8"));
      assertThat(take(STOPPED)).isEqualTo(modern);
      client.send(cancelled("\"unknown\""));
      client.legacy(9, "ping", "{}");
      client.response(9);
      assertThat(client.unread())
          .noneMatch(message -> message.path("id").asInt(-1) == 7)
          .noneMatch(message -> message.path("id").asInt(-1) == 8);
    }
  }

  @Test
  void aCallThatIsCancelledAtOnceIsCancelled() throws Exception {
    try (var client = new StdioClient(SERVER)) {
      client.initialize("{}");
      client.legacyCall(1, "wait_for_test", "{}");
      client.send(cancelled("1"));
      assertThat(take(STOPPED)).isEqualTo(take(RUNNING));
    }
  }

  private static String cancelled(String id) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
        + id
        + "}}";
  }

  @Test
  void argumentsAreRepeatedInHeadersAlsoIfTheToolsWereNotListed() {
    try (var client = new StdioClient(SERVER)) {
      String arguments = "{\"region\":\"Zürich\",\"of\":{\"level\":3}}";
      client.modernCall(1, "mirrored", arguments);
      assertThat(text(client.response(1))).contains("Zürich", "3");
      client.modernCall(2, "mirrored", "{\"region\":null}");
      assertThat(text(client.response(2))).isEqualTo("in {}");
    }
  }

  @Test
  void aSubscriptionIsAcknowledgedAndFollowedUntilItIsCancelled() {
    try (var client = new StdioClient(SERVER)) {
      client.modern(
          1, "subscriptions/listen", "{\"notifications\":{\"toolsListChanged\":true}}", "{}");
      client.told("notifications/subscriptions/acknowledged");
      SERVER.bean(Changes.class).tools();
      JsonNode told = client.told("notifications/tools/list_changed");
      assertThat(
              told.path("params")
                  .path("_meta")
                  .path("io.modelcontextprotocol/subscriptionId")
                  .asInt())
          .isEqualTo(1);
      client.send(cancelled("1"));
    }
  }

  @Test
  void aLegacyClientHearsOfChangesOutsideOfItsRequests() {
    try (var client = new StdioClient(SERVER)) {
      client.initialize("{}");
      hearsOfChanges(client);
    }
  }

  private static void hearsOfChanges(StdioClient client) {
    // The stream is opened a moment after initialized.
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> {
          SERVER.bean(Changes.class).tools();
          return client.unread().stream()
              .anyMatch(message ->
                  message.path("method").asString("").equals("notifications/tools/list_changed"));
        });
  }

  @Test
  void whatIsNoMessageIsAnErrorAndTheNextMessageIsServed() {
    try (var client = new StdioClient(SERVER)) {
      client.send("Hello?");
      client.send("{\"jsonrpc\":\"2.0\",\"id\":1}");
      client.send("");
      client.legacy(2, "ping", "{}");
      assertThat(client.next(message -> true).path("error").path("code").asInt()).isEqualTo(-32700);
      assertThat(client.next(message -> true).path("error").path("code").asInt()).isEqualTo(-32600);
      assertThat(client.response(2).path("error").path("message").asString())
          .contains("initialize");
      client.send(
          "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"a\\nb\",\"params\":{\"_meta\":{"
              + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}");
      assertThat(client.response(3).path("error").path("code").asInt()).isEqualTo(-32600);
      client.initialize("{}");
      client.legacy(4, "ping", "{}");
      assertThat(client.response(4).path("result").isObject()).isTrue();
    }
  }

  @Test
  void aWrongKeyIsSaidToTheClientAndToTheLog() {
    Address wrong = new Address(SERVER.required().url(), "another");
    try (var client = new StdioClient(new Server.Given(wrong))) {
      client.modern(1, "tools/list", "{}", "{}");
      assertThat(client.response(1).has("error")).isTrue();
    }
  }

  @Test
  void theEndOfTheInputWaitsForAnswersAndEndsTheSessionButNotItsJobs() throws Exception {
    var client = new StdioClient(SERVER);
    client.initialize("{}");
    client.legacyCall(1, "wait_for_test", "{}");
    String job = take(RUNNING);
    client.legacyCall(2, "wait_for_test", "{\"another\":1}");
    take(RUNNING);
    go.release();
    client.response(1);
    client.close();
    assertThat(STOPPED).isEmpty();
    try (var next = new StdioClient(SERVER)) {
      next.initialize("{}");
      next.legacyCall(1, "list_operations", "{}");
      assertThat(next.response(1).toString()).contains(job);
    }
  }

  @Test
  void aLegacyCallGoesOnAfterItsConnectionBrokeAndAModernOneSaysThatItIsLost() throws Exception {
    try (var proxy = TcpProxy.to(SERVER.required().url().getPort());
        var client = new StdioClient(new Server.Given(Moving.at(proxy.port())))) {
      client.initialize("{}");
      client.legacyCall(1, "wait_for_test", "{}");
      take(RUNNING);
      client.told("notifications/progress");
      proxy.links().forEach(TcpProxy.Link::cut);
      go.release();
      assertThat(text(client.response(1))).isEqualTo("waited");

      client.modernCall(2, "wait_for_test", "{}");
      take(RUNNING);
      client.told("notifications/progress");
      proxy.links().forEach(TcpProxy.Link::cut);
      assertThat(client.response(2).path("error").path("message").asString())
          .contains("same call made again");
      hearsOfChanges(client);
    }
  }

  @Test
  void aRestartOfTheServerLosesNothing() throws Exception {
    try (var client = new StdioClient(SERVER)) {
      client.initialize("{}");
      client.legacyCall(1, "wait_for_test", "{}");
      take(RUNNING);
      client.modern(
          2, "subscriptions/listen", "{\"notifications\":{\"toolsListChanged\":true}}", "{}");
      client.told("notifications/subscriptions/acknowledged");
      SERVER.stop();
      client.legacy(3, "tools/list", "{}"); // while there is none
      SERVER.start(SERVER.namespaces.getLast());
      assertThat(client.response(3).path("result").path("tools").size()).isPositive();
      assertThat(client.response(1).has("result")).isTrue(); // handed over, or its result
      assertThat(client.response(2).path("result").path("resultType").asString())
          .isEqualTo("complete");
      hearsOfChanges(client);
      go.release(100);
    }
  }

  @Test
  void aServerThatDoesNotKnowTheSessionGetsAnotherOneWithItsSubscriptions() {
    try (var client = new StdioClient(SERVER)) {
      client.initialize("{}");
      client.legacy(1, "resources/subscribe", "{\"uri\":\"test://a\"}");
      client.legacy(2, "logging/setLevel", "{\"level\":\"error\"}");
      client.response(1);
      client.response(2);
      SERVER.stop();
      SERVER.start(TestRedis.namespace());
      client.legacy(3, "tools/list", "{}");
      assertThat(client.response(3).path("result").path("tools").size()).isPositive();
      hearsOfChanges(client);
      await()
          .until(() -> {
            SERVER.bean(Changes.class).resource("test://a");
            return client.unread().stream()
                .anyMatch(
                    message -> message.path("params").path("uri").asString("").equals("test://a"));
          });
      assertThat(String.join("\n", client.log)).contains("begun again");
    }
  }
}
