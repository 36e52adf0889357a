package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Resources, prompts and completion over HTTP; checklist G and I. */
class PrimitivesTest extends McpTest {
  private static final List<String> LISTS =
      List.of("tools/list", "resources/list", "resources/templates/list", "prompts/list");

  @Test
  void g1_listsAreTheSameForEveryCallerAndSessionAndAfterOtherRequests() {
    for (String method : LISTS) {
      JsonNode first = http.modern(method, Replies.object()).send().result();
      http.modernCall("inline_echo", "{}").send();
      JsonNode other =
          http.modern(method, Replies.object()).header("Test-Caller", "somebody").send().result();
      assertThat(other).isEqualTo(first);
    }
    for (String method : LISTS) {
      JsonNode one = http.legacy(session("one"), method, Replies.object()).send().result();
      JsonNode two = http.legacy(session("two"), method, Replies.object()).send().result();
      assertThat(two).isEqualTo(one);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tools/list,tools",
    "resources/list,resources",
    "resources/templates/list,resourceTemplates",
    "prompts/list,prompts"
  })
  void g2_listsHaveAStableOrderOnAllPagesAndOneCacheScope(String method, String entries) {
    List<JsonNode> once = pages(method, entries);
    assertThat(pages(method, entries)).isEqualTo(once);
    assertThat(once).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server/discover",
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "resources/read"
      })
  void g3_cacheableResultsSayHowLongAndForWhom(String method) {
    ObjectNode params = Replies.object();
    if (method.equals("resources/read")) {
      params.put("uri", "test://text");
    }
    JsonNode result = http.modern(method, params).send().result();
    assertThat(result.path("ttlMs").isIntegralNumber()).isTrue();
    assertThat(result.path("ttlMs").asLong()).isNotNegative();
    assertThat(result.path("cacheScope").asString()).isIn("public", "private");
    assertThat(result.path("resultType").asString()).isEqualTo("complete");
  }

  @Test
  void g5_allPagesOfAListHaveOneCacheScope() {
    JsonNode first = http.modern("resources/list", Replies.object()).send().result();
    assertThat(first.has("nextCursor")).isTrue();
    JsonNode second =
        http.modern(
                "resources/list",
                Replies.object().put("cursor", first.path("nextCursor").asString()))
            .send()
            .result();
    assertThat(second.path("cacheScope")).isEqualTo(first.path("cacheScope"));
    assertThat(second.path("ttlMs")).isEqualTo(first.path("ttlMs"));
  }

  @Test
  void g6_whatIsReadIsPrivateAndListsArePublic() {
    assertThat(read("test://text").result().path("cacheScope").asString()).isEqualTo("private");
    for (String method : LISTS) {
      JsonNode list = http.modern(method, Replies.object()).send().result();
      assertThat(list.path("cacheScope").asString()).isEqualTo("public");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"\"", "\"nonsense\"", "\"!!!\"", "5", "null", "{}", "\"YWZ0ZXI6bm9ib2R5\""})
  void g7_refusesABadCursor(String cursor) {
    for (String method : LISTS) {
      ObjectNode params = Json.object("{\"cursor\":" + cursor + "}");
      assertThat(http.modern(method, params).send().code()).isEqualTo(-32602);
      ObjectNode legacy = Json.object("{\"cursor\":" + cursor + "}");
      assertThat(http.legacy(session("test"), method, legacy).send().code()).isEqualTo(-32602);
    }
  }

  @Test
  void i1_anUnknownResourceIsInvalidParamsWithItsUriAndMinus32002OnEarlierRevisions() {
    for (String uri :
        new String[] {"test://nothing", "test://row/404", "test://empty", "longhaul://nothing"}) {
      Answer modern = read(uri);
      assertThat(modern.status()).isEqualTo(200);
      assertThat(modern.code()).isEqualTo(-32602);
      assertThat(modern.json().path("error").path("data").path("uri").asString()).isEqualTo(uri);
      Answer legacy =
          http.legacy(session("test"), "resources/read", Replies.object().put("uri", uri)).send();
      assertThat(legacy.code()).isEqualTo(-32002);
      assertThat(legacy.json().path("error").path("data").path("uri").asString()).isEqualTo(uri);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "/etc/passwd",
        "test://row/a b",
        "test://row/..",
        "test://row/../../etc",
        "test://row/%2e%2e",
        "test://row/%2E%2E%2Fetc",
        "test://row/%252e%252e%252f",
        "test://row/..%5Cwindows",
        "test://row/\u0000",
        "test://row/[",
      })
  void i2_aUriThatIsNoneOrClimbsIsRefusedBeforeAnythingReadsIt(String uri) {
    String inHeader =
        "=?base64?"
            + Base64.getEncoder().encodeToString(uri.getBytes(StandardCharsets.UTF_8))
            + "?=";
    Answer answer =
        http.modern("resources/read", Replies.object().put("uri", uri))
            .header("Mcp-Name", inHeader)
            .send();
    assertThat(answer.code()).isEqualTo(-32602);
    assertThat(answer.json().path("error").path("data").path("uri").asString()).isEqualTo(uri);
    assertThat(answer.json().path("error").path("message").asString()).contains("cannot be read");
  }

  @Test
  void i2_binaryContentsAreBase64OrAnErrorOfTheServer() {
    assertThat(read("test://blob").result().path("contents").path(0).path("blob").asString())
        .isEqualTo(FakePrimitives.BLOB);
    Answer broken = read("test://no-base64");
    assertThat(broken.code()).isEqualTo(-32603);
    assertThat(broken.json().path("error").path("message").asString()).contains("Base64");
  }

  @Test
  void i3_unknownPromptsAndMissingArgumentsAreInvalidParams() {
    for (String params :
        new String[] {
          "{\"name\":\"nobody\"}",
          "{\"name\":\"greeting\"}",
          "{\"name\":\"greeting\",\"arguments\":{\"how\":\"loud\"}}",
          "{\"name\":\"greeting\",\"arguments\":[]}",
          "{\"name\":\"greeting\",\"arguments\":{\"who\":5}}",
        }) {
      Answer modern = http.modern("prompts/get", Json.object(params)).send();
      assertThat(modern.code()).as(params).isEqualTo(-32602);
      Answer legacy = http.legacy(session("test"), "prompts/get", Json.object(params)).send();
      assertThat(legacy.code()).as(params).isEqualTo(-32602);
    }
    Answer missing = http.modern("prompts/get", Json.object("{\"name\":\"greeting\"}")).send();
    assertThat(missing.json().path("error").path("message").asString()).contains("who");
  }

  @Test
  void i4_atMost100ValuesAreProposedAndUnknownReferencesRefused() {
    JsonNode completion = complete("ref/prompt", "greeting").result().path("completion");
    assertThat(completion.path("values").size()).isEqualTo(100);
    assertThat(completion.path("values").path(0).asString()).isEqualTo("a0");
    assertThat(completion.path("total").asInt()).isEqualTo(150);
    assertThat(completion.path("hasMore").asBoolean()).isTrue();

    // A served template without a completion provider.
    JsonNode none = complete("ref/resource", "test://row/{id}").result().path("completion");
    assertThat(none.toString()).isEqualTo("{\"values\":[],\"total\":0,\"hasMore\":false}");

    for (String[] unknown :
        new String[][] {
          {"ref/prompt", "nobody"}, {"ref/resource", "test://nothing/{x}"}, {"ref/tool", "quick"}
        }) {
      assertThat(complete(unknown[0], unknown[1]).code()).isEqualTo(-32602);
    }
    ObjectNode wrong = Json.object("{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greeting\"}}");
    assertThat(http.modern("completion/complete", wrong).send().code()).isEqualTo(-32602);
  }

  @Test
  void i4_whoAsksForCompletionsTooOftenIsToldWhenToAskAgain() {
    ObjectNode params =
        Json.object(
            "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greeting\"},"
                + "\"argument\":{\"name\":\"who\",\"value\":\"a\"}}");
    Answer answer = ask(params, "eager");
    // The bucket holds 1000 tokens; only a few are added meanwhile.
    for (int i = 1; i < 1_100 && !answer.json().has("error"); i++) {
      answer = ask(params, "eager");
    }
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.code()).isEqualTo(-31006);
    assertThat(answer.json().path("error").path("data").path("retryAfterSeconds").asInt())
        .isBetween(1, 5);
    assertThat(ask(params, "patient").json().has("result")).isTrue();
  }

  private Answer ask(ObjectNode params, String caller) {
    return http.modern("completion/complete", params.deepCopy())
        .header("Test-Caller", caller)
        .send();
  }

  @Test
  void aPromptIsMadeOnBothEras() {
    String params = "{\"name\":\"greeting\",\"arguments\":{\"who\":\"Zoë\"}}";
    JsonNode modern = http.modern("prompts/get", Json.object(params)).send().result();
    assertThat(modern.path("messages").path(0).path("content").path("text").asString())
        .isEqualTo("Hello Zoë");
    assertThat(modern.path("resultType").asString()).isEqualTo("complete");
    assertThat(modern.has("ttlMs")).isFalse();
    JsonNode legacy =
        http.legacy(session("test"), "prompts/get", Json.object(params)).send().result();
    assertThat(legacy.propertyNames()).containsExactly("messages");
  }

  @Test
  void aResourceIsReadOnBothEras() {
    JsonNode modern = read("test://row/7").result();
    assertThat(modern.path("contents").path(0).path("text").asString()).isEqualTo("row");
    ObjectNode params = Replies.object().put("uri", "test://row/7");
    JsonNode legacy = http.legacy(session("test"), "resources/read", params).send().result();
    assertThat(legacy.propertyNames()).containsExactly("contents");
    assertThat(legacy.path("contents")).isEqualTo(modern.path("contents"));
  }

  @ParameterizedTest
  @CsvSource({"resources/read,uri,test://asking", "prompts/get,name,asking"})
  void g4_aResultThatAsksCarriesNoCacheHintsAndIsAnsweredByTheSameRequest(
      String method, String field, String value) {
    JsonNode asks =
        http.modern(method, elicits(Replies.object().put(field, value))).send().result();
    assertThat(asks.path("resultType").asString()).isEqualTo("input_required");
    assertThat(asks.path("inputRequests").path("who").path("method").asString())
        .isEqualTo("elicitation/create");
    assertThat(asks.has("ttlMs")).isFalse();
    assertThat(asks.has("cacheScope")).isFalse();

    ObjectNode again = elicits(Replies.object().put(field, value));
    again.put("requestState", asks.path("requestState").asString());
    again.set(
        "inputResponses",
        Json.tree("{\"who\":{\"action\":\"accept\",\"content\":{\"who\":\"Zoë\"}}}"));
    JsonNode result = http.modern(method, again).send().result();
    assertThat(result.path("resultType").asString()).isEqualTo("complete");
    assertThat(result.toString()).contains("for Zoë");
    assertThat(result.has("ttlMs")).isEqualTo(method.equals("resources/read"));
  }

  @Test
  void j6_aStateOfOneMethodIsRefusedByAnother() {
    JsonNode asks =
        http.modern("prompts/get", elicits(Replies.object().put("name", "asking"))).send().result();
    ObjectNode tool = elicits(Replies.object().put("name", "asking"));
    tool.put("requestState", asks.path("requestState").asString());
    assertThat(http.modern("tools/call", tool).send().code()).isEqualTo(-32602);
    ObjectNode other = elicits(Replies.object().put("name", "plain"));
    other.put("requestState", asks.path("requestState").asString());
    assertThat(http.modern("prompts/get", other).send().code()).isEqualTo(-32602);
  }

  @Test
  void j1_aCompletionMayNotAsk() {
    ObjectNode params = elicits(Replies.object());
    params.putObject("ref").put("type", "ref/prompt").put("name", "asking");
    params.putObject("argument").put("name", "who").put("value", "a");
    Answer answer = http.modern("completion/complete", params).send();
    assertThat(answer.code()).isEqualTo(-32603);
    assertThat(answer.text).doesNotContain("input_required");
  }

  @Test
  void whatAResourceThrowsIsAnInternalErrorThatSaysWhat() {
    Answer answer = read("test://broken");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.code()).isEqualTo(-32603);
    assertThat(answer.json().path("error").path("message").asString())
        .isEqualTo("resources/read failed: the disk is full");
  }

  @Test
  void aResourceReportsItsProgressToWhoeverAsksForIt() {
    ObjectNode params = Replies.object().put("uri", "test://progress");
    params.putObject("_meta").put("progressToken", "p1");
    try (var stream = http.modern("resources/read", params).open()) {
      JsonNode progress = stream.next();
      assertThat(progress).isNotNull();
      assertThat(progress.path("method").asString()).isEqualTo("notifications/progress");
      assertThat(progress.path("params").path("progressToken").asString()).isEqualTo("p1");
      JsonNode answer = stream.next();
      assertThat(answer).isNotNull();
      assertThat(answer.path("result").has("contents")).isTrue();
    }
  }

  @Test
  void theHeaderMcpNameMustAgreeWithWhatIsReadOrMade() {
    Answer read =
        http.modern("resources/read", Replies.object().put("uri", "test://text"))
            .header("Mcp-Name", "test://blob")
            .send();
    assertThat(read.status()).isEqualTo(400);
    assertThat(read.code()).isEqualTo(-32020);
    Answer prompt =
        http.modern("prompts/get", Replies.object().put("name", "plain"))
            .header("Mcp-Name", null)
            .send();
    assertThat(prompt.status()).isEqualTo(400);
    assertThat(prompt.code()).isEqualTo(-32020);
  }

  private static ObjectNode elicits(ObjectNode params) {
    params.putObject("_meta").putObject(McpHttp.P + "clientCapabilities").putObject("elicitation");
    return params;
  }

  private List<JsonNode> pages(String method, String entries) {
    List<JsonNode> all = new ArrayList<>();
    ObjectNode params = Replies.object();
    for (int page = 0; page < 20; page++) {
      JsonNode result = http.modern(method, params).send().result();
      result.path(entries).forEach(all::add);
      if (!result.has("nextCursor")) {
        return all;
      }
      params = Replies.object().put("cursor", result.path("nextCursor").asString());
    }
    throw new AssertionError("the list does not end");
  }

  private Answer read(String uri) {
    return http.modern("resources/read", Replies.object().put("uri", uri)).send();
  }

  private Answer complete(String type, String id) {
    ObjectNode params = Replies.object();
    params.putObject("ref").put("type", type).put(type.equals("ref/prompt") ? "name" : "uri", id);
    params.putObject("argument").put("name", "who").put("value", "a");
    return http.modern("completion/complete", params).send();
  }

  private String session(String name) {
    return http.initialize("2025-11-25", name);
  }
}
