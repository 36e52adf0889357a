package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.RequestContext;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestIssuer;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.ai.mcp.annotation.McpArg;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The context of a request reaches its tool, the tool's threads, its logs and its child jobs. */
@SpringBootTest(
    classes = {LonghaulApplication.class, RequestContextTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"longhaul.standalone=true", "longhaul.mcp.public-url=https://jobs.example.com"})
@DirtiesContext
class RequestContextTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-01";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final String TOKEN =
      ISSUER.token(
          "ann", "https://jobs.example.com", "", claims -> claims.claim("client_id", "agent-7"));

  @LocalServerPort private int port;
  @Autowired private Intake intake;

  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
    registry.add("longhaul.security.oauth.issuer", ISSUER::url);
  }

  @AfterAll
  static void stop() {
    ISSUER.close();
  }

  static final class ContextTools {
    private final Intake intake;

    ContextTools(Intake intake) {
      this.intake = intake;
    }

    @McpTool(name = "context_queued", description = "Says what it knows of its request.")
    Map<String, Object> queued() throws Exception {
      return seen();
    }

    @McpTool(name = "context_inline", description = "Says what it knows of its request.")
    @LonghaulTool(execution = Execution.INLINE)
    Map<String, Object> inline() throws Exception {
      return seen();
    }

    @McpTool(name = "context_parent", description = "Submits context_queued.")
    String parent() {
      var params = McpHttp.callParams("context_queued", "{}");
      var caller = new Caller(JobContext.current().caller());
      return intake.submit(Submission.toolCall(caller, params)).id().value();
    }

    @McpResource(uri = "thread://resource", name = "thread", description = "Its thread.")
    String resource() {
      return thread();
    }

    @McpPrompt(name = "thread", description = "Its thread.")
    String prompt(@McpArg(name = "word", description = "Any.") String word) {
      return thread();
    }

    @McpComplete(prompt = "thread")
    List<String> complete(String word) {
      return List.of(thread());
    }

    private static String thread() {
      return Thread.currentThread().isVirtual() ? "on a virtual thread" : "on a platform thread";
    }

    private static Map<String, Object> seen() throws Exception {
      Map<String, Object> seen = new TreeMap<>();
      JobContext call = JobContext.current();
      RequestContext request = call.request();
      seen.put("caller", call.caller());
      seen.put("request", text(request.requestId()));
      seen.put("client", text(request.clientId()));
      seen.put("locale", text(request.locale()));
      seen.put("parent", text(request.parent()));
      seen.put("trace", text(call.client().trace().get("traceparent")));
      seen.put("spring", LocaleContextHolder.getLocale().toLanguageTag());
      seen.put("virtual", Thread.currentThread().isVirtual());
      seen.put("mdc", logged());
      try (var thread = Executors.newSingleThreadExecutor()) {
        seen.put("wrapped", thread.submit(JobContext.wrap(ContextTools::logged)).get());
        seen.put("afterwards", thread.submit(ContextTools::logged).get());
      }
      return seen;
    }

    private static Map<String, String> logged() {
      Map<String, String> all = MDC.getCopyOfContextMap();
      return new TreeMap<>(all == null ? Map.of() : all);
    }

    private static String text(@Nullable String value) {
      return value == null ? "-" : value;
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    ContextTools contextTools(@Lazy Intake intake) {
      return new ContextTools(intake);
    }
  }

  @Test
  void aQueuedToolKnowsItsRequest() throws Exception {
    JsonNode seen = overRest("context_queued", "req-1");

    assertThat(seen.path("caller").asString()).isEqualTo("ann");
    assertThat(seen.path("virtual").asBoolean(true)).as("a queued tool's thread").isFalse();
    assertThat(seen.path("request").asString()).isEqualTo("req-1");
    assertThat(seen.path("client").asString()).isEqualTo("agent-7");
    assertThat(seen.path("locale").asString()).isEqualTo("de-CH");
    assertThat(seen.path("spring").asString()).isEqualTo("de-CH");
    assertThat(seen.path("trace").asString()).isEqualTo(TRACE);
    assertThat(seen.path("parent").asString()).isEqualTo("-");
    assertLogged(seen.path("mdc"), "req-1");
    assertLogged(seen.path("wrapped"), "req-1");
    assertThat(seen.path("afterwards").isEmpty()).as("the thread is left as it was").isTrue();
  }

  @Test
  void anInlineToolKnowsItToo() {
    McpHttp.Answer answer =
        new McpHttp(port)
            .modernCall("context_inline", "{}")
            .header("Authorization", "Bearer " + TOKEN)
            .header("X-Request-Id", "req-2")
            .header("Accept-Language", "fr;q=0.5, de-CH")
            .header("traceparent", TRACE)
            .send();

    JsonNode seen = Json.tree(text(answer.json().path("result")));
    assertThat(seen.path("virtual").asBoolean(true)).as("an inline tool's thread").isFalse();
    assertThat(seen.path("request").asString()).isEqualTo("req-2");
    assertThat(seen.path("client").asString()).isEqualTo("agent-7");
    assertThat(seen.path("locale").asString()).isEqualTo("de-CH");
    assertLogged(seen.path("mdc"), "req-2");
    assertLogged(seen.path("wrapped"), "req-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resources/read | {'uri': 'thread://resource'}",
        "prompts/get | {'name': 'thread', 'arguments': {'word': 'a'}}",
        "completion/complete | {'ref': {'type': 'ref/prompt', 'name': 'thread'},"
            + " 'argument': {'name': 'word', 'value': ''}}"
      })
  void whateverIsNotOursRunsOnPlatformThreads(String method, String params) {
    McpHttp.Answer answer =
        new McpHttp(port)
            .modern(method, Json.object(params.replace('\'', '"')))
            .header("Authorization", "Bearer " + TOKEN)
            .send();

    assertThat(answer.text).contains("on a platform thread");
  }

  @Test
  void theTraceOfTheMessageIsNearerThanThatOfTheRequest() {
    var params = McpHttp.callParams("context_queued", "{}");
    params.putObject("_meta").put("traceparent", OTHER);
    McpHttp.Answer answer =
        new McpHttp(port)
            .modern("tools/call", params)
            .header("Authorization", "Bearer " + TOKEN)
            .header("traceparent", TRACE)
            .send();

    JsonNode seen = Json.tree(text(answer.json().path("result")));
    assertThat(seen.path("trace").asString()).isEqualTo(OTHER);
  }

  @Test
  void whatAToolSubmitsBelongsToTheSameRequest() throws Exception {
    JobId parent = submit("context_parent", "req-3");
    JobId child = new JobId(text(result(parent)));

    JsonNode seen = Json.tree(text(result(child)));

    assertThat(seen.path("parent").asString()).isEqualTo(parent.value());
    assertThat(seen.path("mdc").path("parent_job").asString()).isEqualTo(parent.value());
    assertThat(seen.path("request").asString()).isEqualTo("req-3");
    assertThat(seen.path("client").asString()).isEqualTo("agent-7");
    assertThat(seen.path("locale").asString()).isEqualTo("de-CH");
    assertThat(seen.path("trace").asString()).isEqualTo(TRACE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"context_inline", "context_queued"})
  void aToolKnowsItsRequestWhereTheAnswerMayBeAStream(String tool) {
    String session = initialize("2025-11-25");

    McpHttp.Answer answer = inSession(session, toolCall(1, tool, "{}").toString(), "req-4");

    assertKnown(Json.tree(text(answer.result())), "req-4");
  }

  @Test
  void aStepOfAChainKnowsTheRequestThatBeganTheChain() {
    String session = initialize("2025-11-25");

    String chain = "{\"steps\": [{\"tool\": \"context_queued\"}]}";
    McpHttp.Answer answer = inSession(session, toolCall(1, "run_chain", chain).toString(), "req-5");

    assertKnown(Json.tree(text(answer.result().at("/structuredContent/result"))), "req-5");
  }

  @Test
  void theCallsOfABatchOfMessagesKnowTheirRequest() {
    String session = initialize("2025-03-26");

    ArrayNode batch = Json.tree("[]").asArray();
    batch.add(toolCall(1, "context_inline", "{}")).add(toolCall(2, "context_queued", "{}"));
    McpHttp.Answer answer = inSession(session, batch.toString(), "req-6");

    assertThat(answer.json().size()).as(answer.text).isEqualTo(2);
    for (JsonNode one : answer.json()) {
      assertKnown(Json.tree(text(one.path("result"))), "req-6");
    }
  }

  @Test
  void aToolKnowsTheRequestThatWasPostedBesideItsStream() {
    var http = new McpHttp(port);
    try (McpHttp.Stream stream =
        http.at("/sse")
            .raw("")
            .method("GET")
            .header("Content-Type", null)
            .header("Authorization", "Bearer " + TOKEN)
            .open()) {
      McpHttp posts = http.at(stream.event().data());
      for (String tool : List.of("context_inline", "context_queued")) {
        from(posts.raw(toolCall(1, tool, "{}").toString()), "req-7").send();
        assertKnown(Json.tree(text(stream.event().json().path("result"))), "req-7");
      }
    }
  }

  @Test
  void everyAnswerNamesItsRequestAlsoARefusal() {
    assertThat(header(get("/api/v1/tools", null, "my-id"))).isEqualTo("my-id");
    assertThat(header(get("/api/v1/tools", TOKEN, "quote\"d"))).matches("[0-9a-f]{16}");
    assertThat(header(get("/api/v1/tools", TOKEN, "x".repeat(129)))).matches("[0-9a-f]{16}");
  }

  private String initialize(String version) {
    ObjectNode params = Replies.object().put("protocolVersion", version);
    params.putObject("capabilities");
    return from(
            new McpHttp(port).raw(McpHttp.request(0, "initialize", params).toString()), "greeting")
        .send()
        .response
        .headers()
        .firstValue("Mcp-Session-Id")
        .orElseThrow();
  }

  private McpHttp.Answer inSession(String session, String body, String requestId) {
    return from(new McpHttp(port).raw(body).header("Mcp-Session-Id", session), requestId).send();
  }

  private static ObjectNode toolCall(int id, String tool, String arguments) {
    return McpHttp.request(id, "tools/call", McpHttp.callParams(tool, arguments));
  }

  private static McpHttp.Builder from(McpHttp.Builder request, String requestId) {
    return request
        .header("Authorization", "Bearer " + TOKEN)
        .header("X-Request-Id", requestId)
        .header("Accept-Language", "de-CH, en;q=0.8")
        .header("traceparent", TRACE);
  }

  private static void assertKnown(JsonNode seen, String request) {
    assertThat(seen.path("virtual").asBoolean(true)).isFalse();
    assertThat(seen.path("request").asString()).isEqualTo(request);
    assertThat(seen.path("client").asString()).isEqualTo("agent-7");
    assertThat(seen.path("locale").asString()).isEqualTo("de-CH");
    assertThat(seen.path("spring").asString()).isEqualTo("de-CH");
    assertThat(seen.path("trace").asString()).isEqualTo(TRACE);
    assertLogged(seen.path("mdc"), request);
    assertLogged(seen.path("wrapped"), request);
  }

  private static void assertLogged(JsonNode mdc, String request) {
    assertThat(mdc.path("job").asString()).isNotBlank();
    assertThat(mdc.path("caller").asString()).isEqualTo("ann");
    assertThat(mdc.path("request_id").asString()).isEqualTo(request);
    assertThat(mdc.path("client_id").asString()).isEqualTo("agent-7");
    assertThat(mdc.path("traceparent").asString()).isEqualTo(TRACE);
  }

  private JsonNode overRest(String tool, String requestId) throws Exception {
    return Json.tree(text(result(submit(tool, requestId))));
  }

  private JobId submit(String tool, String requestId) {
    McpHttp.Answer answer =
        new McpHttp(port)
            .at("/api/v1/jobs")
            .raw("{\"method\": \"tools/call\", \"params\": {\"name\": \"" + tool + "\"}}")
            .header("Authorization", "Bearer " + TOKEN)
            .header("X-Request-Id", requestId)
            .header("Accept-Language", "de-CH, en;q=0.8")
            .header("traceparent", TRACE)
            .send();
    return new JobId(answer.json().path("id").asString());
  }

  private JsonNode result(JobId id) throws Exception {
    Caller ann = new Caller("ann");
    assertThat(intake.await(ann, id, LIMIT).state().terminal()).isTrue();
    return Json.tree(((Outcome.Answered) intake.outcome(ann, id)).json());
  }

  private static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asString();
  }

  private McpHttp.Answer get(String path, @Nullable String token, String requestId) {
    return new McpHttp(port)
        .at(path)
        .raw("")
        .method("GET")
        .header("Content-Type", null)
        .header("Authorization", token == null ? null : "Bearer " + token)
        .header("X-Request-Id", requestId)
        .send();
  }

  private static String header(McpHttp.Answer answer) {
    return answer.response.headers().firstValue("X-Request-Id").orElse("");
  }
}
