package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Unchanged Spring AI tools ask a client of 2026-07-28, with every kind of delivery. */
@SpringBootTest(
    classes = {LonghaulApplication.class, AskingOverHttpTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.tools.book-inline.execution=inline",
      "longhaul.mcp.grace=100ms",
      "longhaul.mcp.hold=20s"
    })
@DirtiesContext
class AskingOverHttpTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ELICITS = "{\"elicitation\":{}}";
  private static final String YES = "{\"action\":\"accept\",\"content\":{\"seats\":2}}";

  @LocalServerPort private int port;
  @Autowired private Booking booking;
  private McpHttp http;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  record Seats(int seats) {}

  static final class Booking {
    final AtomicInteger booked = new AtomicInteger();

    private String ask(McpSyncRequestContext context, String film) {
      StructuredElicitResult<Seats> result =
          context.elicit(spec -> spec.message("How many seats for " + film + "?"), Seats.class);
      if (result.structuredContent() == null) {
        return "nothing booked: " + result.action();
      }
      booked.addAndGet(result.structuredContent().seats());
      return "booked " + result.structuredContent().seats();
    }

    @McpTool(name = "book", description = "Books seats, as a job.")
    String queued(McpSyncRequestContext context, String film) {
      return ask(context, film);
    }

    @McpTool(name = "book-inline", description = "Books seats, at once.")
    String inline(McpSyncRequestContext context, String film) {
      return ask(context, film);
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Booking booking() {
      return new Booking();
    }
  }

  @BeforeEach
  void connect() {
    http = new McpHttp(port);
    booking.booked.set(0);
  }

  private McpHttp.Answer call(String tool, String capabilities, ObjectNode more) {
    ObjectNode params = McpHttp.callParams(tool, "{\"film\":\"Metropolis\"}");
    params.putObject("_meta").set(McpHttp.P + "clientCapabilities", Json.object(capabilities));
    params.setAll(more);
    return http.modern("tools/call", params).send();
  }

  private static JsonNode last(McpHttp.Answer answer) {
    String text = answer.text;
    int data = text.lastIndexOf("data: ");
    return Json.tree(data < 0 ? text : text.substring(data + 6).strip());
  }

  private static ObjectNode answering(JsonNode result, String answer) {
    ObjectNode more = Json.object("{}");
    String key = result.path("inputRequests").propertyNames().iterator().next();
    more.putObject("inputResponses").set(key, Json.tree(answer));
    more.set("requestState", result.path("requestState"));
    return more;
  }

  private static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asString();
  }

  private void asksAndBooks(String tool) {
    JsonNode asked = last(call(tool, ELICITS, Json.object("{}"))).path("result");
    assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
    JsonNode question = asked.path("inputRequests").iterator().next();
    assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
    assertThat(question.path("params").path("message").asString())
        .isEqualTo("How many seats for Metropolis?");
    assertThat(asked.has("ttlMs")).isFalse();

    ObjectNode answer = answering(asked, YES);
    JsonNode done = last(call(tool, ELICITS, answer)).path("result");
    assertThat(done.path("resultType").asString()).isEqualTo("complete");
    assertThat(text(done)).contains("booked 2");
    assertThat(booking.booked).hasValue(2);

    // A repeated request with the same answers must not book again.
    call(tool, ELICITS, answer);
    assertThat(booking.booked).hasValue(2);
  }

  @Test
  void j2_j7_anInlineToolIsRunAgainWithTheAnswersAndOnlyOnce() {
    asksAndBooks("book-inline");
  }

  @Test
  void j2_j7_aJobThatAskedGoesOnWithTheAnswersAndOnlyOnce() {
    asksAndBooks("book");
  }

  @Test
  void j4_m3_aClientThatCannotBeAskedIsRefusedWithWhatItLacks() {
    for (String tool : new String[] {"book", "book-inline"}) {
      McpHttp.Answer answer = call(tool, "{\"sampling\":{}}", Json.object("{}"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo(-32021);
      assertThat(answer.json().path("error").path("data").path("requiredCapabilities"))
          .isEqualTo(Json.tree(ELICITS));
    }
  }

  @Test
  void anEarlierRevisionIsRefusedWith200AndItsSessionGoesOn() {
    String session = http.initialize("2025-11-25", "mute");
    for (String tool : new String[] {"book", "book-inline"}) {
      var params = McpHttp.callParams(tool, "{\"film\":\"" + tool + " quietly\"}");
      String text = http.legacy(session, "tools/call", params).send().text;
      McpHttp.Answer answer = http.legacy(session, "tools/call", params).send();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(text).contains("-32021");
      assertThat(http.legacy(session, "ping", Json.object("{}")).send().status()).isEqualTo(200);
    }
  }

  @Test
  void j5_aStateThatWasTamperedWithIsRefused() {
    JsonNode asked = last(call("book-inline", ELICITS, Json.object("{}"))).path("result");
    ObjectNode answer = answering(asked, YES);
    answer.put("requestState", answer.path("requestState").asString() + "x");
    assertThat(call("book-inline", ELICITS, answer).code()).isEqualTo(-32602);
    answer.put("requestState", "x" + asked.path("requestState").asString());
    assertThat(call("book-inline", ELICITS, answer).code()).isEqualTo(-32602);
    answer.put("requestState", "");
    assertThat(call("book-inline", ELICITS, answer).code()).isEqualTo(-32602);
    assertThat(booking.booked).hasValue(0);
  }

  @Test
  void j6_aStateOfAnotherRequestIsRefused() {
    JsonNode asked = last(call("book-inline", ELICITS, Json.object("{}"))).path("result");
    assertThat(call("book", ELICITS, answering(asked, YES)).code()).isEqualTo(-32602);
    ObjectNode otherArguments = answering(asked, YES);
    otherArguments.putObject("arguments").put("film", "Nosferatu");
    assertThat(call("book-inline", ELICITS, otherArguments).code()).isEqualTo(-32602);
  }

  @Test
  void j9_j10_missingAnswersAreAskedForAgainAndUnknownOnesIgnored() {
    ObjectNode other = Json.object("{\"inputResponses\":{\"nobody-asked\":17}}");
    for (String tool : new String[] {"book", "book-inline"}) {
      assertThat(last(call(tool, ELICITS, other)).path("result").path("resultType").asString())
          .isEqualTo("input_required");
    }
  }

  @Test
  void j11_malformedAnswersAreRefused() {
    for (String tool : new String[] {"book", "book-inline"}) {
      JsonNode asked = last(call(tool, ELICITS, Json.object("{}"))).path("result");
      for (String wrong :
          new String[] {
            "17",
            "{\"action\":\"maybe\"}",
            "{\"action\":\"accept\"}",
            "{\"action\":\"accept\",\"content\":{\"seats\":\"two\"}}"
          }) {
        JsonNode error = last(call(tool, ELICITS, answering(asked, wrong))).path("error");
        assertThat(error.path("code").asInt()).as(tool + " " + wrong).isEqualTo(-32602);
      }
      assertThat(call(tool, ELICITS, Json.object("{\"inputResponses\":null}")).code())
          .isEqualTo(-32602);
    }
    assertThat(booking.booked).hasValue(0);
  }

  @Test
  void j12_declineAndCancelReachTheTool() {
    for (String tool : new String[] {"book", "book-inline"}) {
      for (String action : new String[] {"decline", "cancel"}) {
        JsonNode asked = last(call(tool, ELICITS, Json.object("{}"))).path("result");
        JsonNode done =
            last(call(tool, ELICITS, answering(asked, "{\"action\":\"" + action + "\"}")))
                .path("result");
        assertThat(text(done)).containsIgnoringCase("nothing booked: " + action);
      }
    }
  }

  @Test
  void m9_m13_aTaskShowsItsQuestionsAndTakesAnswers() {
    ObjectNode more = Json.object("{}");
    JsonNode first =
        last(call(
                "book",
                "{\"elicitation\":{},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}",
                more))
            .path("result");
    // A question within the grace is asked in rounds, before a task is created (M18).
    assertThat(first.path("resultType").asString()).isEqualTo("input_required");
    String state = first.path("requestState").asString();
    assertThat(state).isNotEmpty();
    JsonNode operations =
        Json.tree(
            text(
                last(http.modernCall("list_operations", "{\"state\":\"input_required\"}").send())
                    .path("result")));
    String id = operations.path("operations").path(0).path("operation_id").asString();

    JsonNode task = http.modernTask("tasks/get", id).send().result();
    assertThat(task.path("status").asString()).isEqualTo("input_required");
    String key = task.path("inputRequests").propertyNames().iterator().next();
    update(id, key, "{\"action\":\"maybe\"}", -32602);
    update(id, "nobody-asked", "17", 0);
    assertThat(http.modernTask("tasks/get", id).send().result().path("status").asString())
        .isEqualTo("input_required");
    update(id, key, YES, 0);
    // Keys that are unknown or answered already are ignored, and the question is no longer shown.
    update(id, key, YES, 0);
    assertThat(http.modernTask("tasks/get", id).send().result().has("inputRequests")).isFalse();
    await()
        .atMost(LIMIT)
        .until(() ->
            http.modernTask("tasks/get", id)
                .send()
                .result()
                .path("status")
                .asString()
                .equals("completed"));
    assertThat(booking.booked).hasValue(2);
  }

  private void update(String id, String key, String answer, int code) {
    ObjectNode params = Json.object("{}").put("taskId", id);
    params.putObject("inputResponses").set(key, Json.tree(answer));
    McpHttp.Answer acknowledged =
        http.modern("tasks/update", McpHttp.declaringTasks(params)).send();
    assertThat(acknowledged.code()).isEqualTo(code);
    if (code == 0) {
      assertThat(acknowledged.result().path("resultType").asString()).isEqualTo("complete");
    }
  }
}
