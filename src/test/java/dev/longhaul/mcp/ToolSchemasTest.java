package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tools and their schemas over HTTP, on the whole application; checklist H. */
@SpringBootTest(
    classes = {LonghaulApplication.class, ToolSchemasTest.Served.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"longhaul.mcp.hold=55s", "longhaul.builtin.enabled=true"})
class ToolSchemasTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private static final String KEYWORDS =
      """
      {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
       "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{
         "street":{"type":"string"},"city":{"type":"string"}}}},
       "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
         "contactMethod":{"type":"string","enum":["phone","email"]},
         "phone":{"type":"string"},"email":{"type":"string"}},
       "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
       "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
       "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}
      """;
  private static final String ROWS =
      "{\"type\":\"object\",\"required\":[\"rows\"],"
          + "\"properties\":{\"rows\":{\"type\":\"integer\"}}}";
  private static final String OPTIONAL =
      """
      {"type":"object","properties":{"text":{"type":"string"},
        "number":{"type":"integer","x-mcp-header":"Number"},
        "maybe":{"type":["string","null"]}},"required":["text"]}
      """;
  private static final Set<String> OF_THIS_TEST =
      Set.of(
          "keywords",
          "counted",
          "echo",
          "good",
          "optional",
          "reading",
          "unsaid",
          "wrong_inline",
          "absent_inline",
          "wrong_queued",
          "absent_queued",
          "list",
          "failing");
  // In bytes, for the tools that are part of Longhaul (docs/mcp.md). To raise it needs a reason;
  // else a new sentence must replace another. The last reason: run_batch and run_chain name every
  // option of their jobs, as the schemas of requests do.
  private static final int BUDGET = 16_550;
  private static final int LARGEST_TOOL = 3_000;

  private static final String ANY = "{\"type\":\"object\"}";

  @TestConfiguration
  static class Served {
    @Bean
    SmartInitializingSingleton served(RegisteredTools tools) {
      return () -> {
        tools.register(tool("keywords", Execution.INLINE, KEYWORDS, null, _ -> Tools.text("ok")));
        tools.register(
            tool(
                "counted",
                Execution.INLINE,
                ROWS,
                null,
                call -> {
                  CALLS.incrementAndGet();
                  return Tools.text(call.arguments().toString());
                }));
        tools.register(
            tool(
                "echo",
                Execution.INLINE,
                ANY,
                null,
                call -> Tools.text(call.arguments().toString())));
        tools.register(tool("good", Execution.QUEUED, ANY, ROWS, _ -> structured("{\"rows\":3}")));
        tools.register(
            tool(
                "optional",
                Execution.QUEUED,
                OPTIONAL,
                null,
                call -> Tools.text(call.arguments().toString())));
        Tool reading = tool("reading", Execution.INLINE, ANY, null, _ -> Tools.text("read"));
        // As Spring AI describes a method with readOnlyHint only.
        reading
            .description()
            .put("title", "")
            .set(
                "annotations",
                Json.tree("{\"title\":\"\",\"readOnlyHint\":true,\"destructiveHint\":true}"));
        tools.register(reading);
        Tool unsaid = tool("unsaid", Execution.INLINE, ANY, null, _ -> Tools.text("done"));
        // As Spring AI describes a method without hints.
        unsaid
            .description()
            .put("title", "")
            .set(
                "annotations",
                Json.tree(
                    """
                    {"title": "", "readOnlyHint": false, "destructiveHint": true,
                     "idempotentHint": false, "openWorldHint": true}
                    """));
        tools.register(unsaid);
        for (Execution execution : List.of(Execution.INLINE, Execution.QUEUED)) {
          String suffix = execution == Execution.INLINE ? "_inline" : "_queued";
          tools.register(
              tool(
                  "wrong" + suffix, execution, ANY, ROWS, _ -> structured("{\"rows\":\"three\"}")));
          tools.register(
              tool("absent" + suffix, execution, ANY, ROWS, _ -> Tools.text("three rows")));
        }
        tools.register(
            tool(
                "list",
                Execution.INLINE,
                ANY,
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}",
                _ -> structured("[1,2,3]")));
        tools.register(
            tool(
                "failing",
                Execution.INLINE,
                ANY,
                null,
                _ -> {
                  throw new IllegalStateException("the disk is full");
                }));
      };
    }
  }

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @LocalServerPort private int port;
  private McpHttp http;

  @BeforeEach
  void connect() {
    http = new McpHttp(port);
  }

  @Test
  void h1_everyInputSchemaHasARootOfTypeObject() {
    assertThat(listed()).hasSizeGreaterThan(10);
    for (JsonNode tool : listed()) {
      assertThat(tool.path("inputSchema").path("type").asString())
          .as(tool.path("name").asString())
          .isEqualTo("object");
    }
  }

  @Test
  void h2_everyKeywordIsListedUnchanged() {
    JsonNode schema =
        listed().stream()
            .filter(tool -> tool.path("name").asString().equals("keywords"))
            .map(tool -> tool.path("inputSchema"))
            .findFirst()
            .orElseThrow();
    assertThat(schema).isEqualTo(Json.tree(KEYWORDS));
    String session = http.initialize("2025-11-25", "test");
    assertThat(http.legacy(session, "tools/list", Replies.object()).send().text)
        .contains("\"$anchor\":\"addressDef\"");
  }

  @Test
  void h3_everyNameIsOneThatClientsTake() {
    for (JsonNode tool : listed()) {
      assertThat(tool.path("name").asString()).matches("[A-Za-z0-9_.-]{1,64}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"nobody\"}",
        "{\"name\":\"\"}",
        "{\"name\":5}",
        "{\"name\":\"echo\",\"arguments\":[]}",
        "{\"name\":\"echo\",\"arguments\":\"text\"}"
      })
  void h4_unknownToolsAndMalformedCallsAreInvalidParams(String params) {
    JsonNode name = Json.tree(params).path("name");
    if (name.isString()) {
      Answer modern = http.modern("tools/call", Json.object(params)).send();
      assertThat(modern.code()).isEqualTo(-32602);
    }
    String session = http.initialize("2025-11-25", "test");
    assertThat(http.legacy(session, "tools/call", Json.object(params)).send().code())
        .isEqualTo(-32602);
  }

  @Test
  void h5_whatFailsInAToolAndInItsArgumentsIsAResult() {
    JsonNode failed = call("failing", "{}");
    assertThat(failed.path("isError").asBoolean()).isTrue();
    assertThat(text(failed)).contains("the disk is full");
    JsonNode invalid = call("counted", "{\"rows\":\"three\"}");
    assertThat(invalid.path("isError").asBoolean()).isTrue();
    assertThat(text(invalid)).contains("/rows");
  }

  @Test
  void h6_absentArgumentsAreAnEmptyObject() {
    assertThat(text(http.modern("tools/call", Json.object("{\"name\":\"echo\"}")).send().result()))
        .isEqualTo("{}");
  }

  @Test
  void h7_structuredContentThatConformsIsSentAndRepeatedAsText() {
    JsonNode good = call("good", "{}");
    assertThat(good.path("structuredContent").toString()).isEqualTo("{\"rows\":3}");
    JsonNode list = call("list", "{}");
    assertThat(list.path("structuredContent").toString()).isEqualTo("[1,2,3]");
    assertThat(text(list)).isEqualTo("[1,2,3]");
    String session = http.initialize("2025-11-25", "test");
    JsonNode legacy =
        http.legacy(session, "tools/call", McpHttp.callParams("list", "{}")).send().result();
    assertThat(legacy.has("structuredContent")).isFalse();
    assertThat(text(legacy)).isEqualTo("[1,2,3]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong_inline", "wrong_queued", "absent_inline", "absent_queued"})
  void h7_aResultThatBreaksItsOutputSchemaIsAFailureAndWithheld(String tool) {
    JsonNode result = call(tool, "{}");
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.has("structuredContent")).isFalse();
    assertThat(result.path("_meta").path("dev.longhaul/error").path("code").asString())
        .isEqualTo("INVALID_OUTPUT");
    assertThat(text(result))
        .contains("output schema")
        .contains(tool.startsWith("wrong") ? "/rows" : "structuredContent is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compute_hash | {\"data\":\"a\"}",
        "compress_data | {\"data\":\"a\"}",
        "profile_dataset | {\"content\":\"a,b,c\\n1,,x\\n2,,2026-11-21\\n,,\\n\"}",
        "fetch_urls | {\"urls\":[\"http://127.0.0.1/a\",\"no url\"]}"
      })
  void h7_theBuiltInToolsKeepToTheirOutputSchemas(String tool, String arguments) {
    JsonNode result = call(tool, arguments);
    assertThat(result.path("isError").asBoolean(false)).as(text(result)).isFalse();
    assertThat(result.path("structuredContent").isObject()).isTrue();
  }

  @Test
  void h8_argumentsThatBreakTheSchemaReachNoTool() {
    int before = CALLS.get();
    call("counted", "{}");
    call("counted", "{\"rows\":1.5}");
    assertThat(CALLS).hasValue(before);
    call("counted", "{\"rows\":1}");
    assertThat(CALLS).hasValue(before + 1);
  }

  @Test
  void theSchemasOfLonghaulsOwnToolsAreTakenByOpenAiGeminiAndAutoGen() {
    List<JsonNode> own =
        listed().stream()
            .filter(tool -> !OF_THIS_TEST.contains(tool.path("name").asString()))
            .toList();
    assertThat(own).hasSizeGreaterThan(10);
    for (JsonNode tool : own) {
      assertThat(ClientSchemaRules.problems(tool.path("inputSchema")))
          .as(tool.path("name").asString())
          .isEmpty();
    }
  }

  @Test
  void theListOfLonghaulsOwnToolsStaysWithinItsBudgetInBothEras() {
    for (JsonNode list : List.of(modernList(), legacyList("2025-11-25"))) {
      int all = 0;
      for (JsonNode tool : list) {
        if (!OF_THIS_TEST.contains(tool.path("name").asString())) {
          int bytes = tool.toString().getBytes(StandardCharsets.UTF_8).length;
          assertThat(bytes).as(tool.path("name").asString()).isLessThanOrEqualTo(LARGEST_TOOL);
          all += bytes;
        }
      }
      assertThat(all).as("bytes; every client loads them").isBetween(LARGEST_TOOL, BUDGET);
    }
  }

  @Test
  void aTitleIsListedOnceButTwiceWhereARevisionMayKnowItOnlyAsAnAnnotation() {
    for (JsonNode list :
        List.of(modernList(), legacyList("2025-11-25"), legacyList("2025-03-26"))) {
      JsonNode tool = named(list, "compute_hash");
      assertThat(tool.path("title").asString()).isEqualTo("Compute a hash");
    }
    for (String name : List.of("compute_hash", "cancel_operation", "run_batch")) {
      for (JsonNode list : List.of(modernList(), legacyList("2025-11-25"))) {
        assertThat(named(list, name).path("annotations").has("title")).as(name).isFalse();
      }
      JsonNode old = named(legacyList("2025-03-26"), name);
      assertThat(old.path("annotations").path("title")).as(name).isEqualTo(old.path("title"));
    }
  }

  @Test
  void aToolWhoseAuthorSaidNothingHasNoAnnotations() {
    for (JsonNode list : List.of(modernList(), legacyList("2025-11-25"))) {
      JsonNode unsaid = named(list, "unsaid");
      assertThat(unsaid.has("annotations")).isFalse();
      assertThat(unsaid.has("title")).isFalse();
    }
  }

  @Test
  void nullForAnOptionalArgumentIsAsGoodAsAbsent() {
    JsonNode sent = call("optional", "{\"text\":\"a\",\"number\":null,\"maybe\":null}");
    assertThat(text(sent)).isEqualTo("{\"text\":\"a\",\"maybe\":null}");
    String session = http.initialize("2025-11-25", "test");
    JsonNode legacy =
        http.legacy(
                session,
                "tools/call",
                McpHttp.callParams("optional", "{\"text\":\"a\",\"number\":null}"))
            .send()
            .result();
    assertThat(text(legacy)).isEqualTo("{\"text\":\"a\"}");
    JsonNode required = call("optional", "{\"text\":null}");
    assertThat(required.path("isError").asBoolean()).isTrue();
    assertThat(text(required)).contains("/text");
    JsonNode operations = call("list_operations", "{\"state\":null,\"limit\":1}");
    assertThat(operations.path("isError").asBoolean()).as(text(operations)).isFalse();
  }

  @Test
  void callsThatDifferInSuchANullAreTheSameCall() {
    List<JsonNode> answers = new ArrayList<>();
    for (String arguments : List.of("{\"text\":\"k\"}", "{\"text\":\"k\",\"number\":null}")) {
      ObjectNode params = McpHttp.callParams("optional", arguments);
      params.putObject("_meta").put("dev.longhaul/idempotency_key", "nulls");
      answers.add(http.modern("tools/call", params).send().result());
    }
    assertThat(text(answers.get(1))).isEqualTo("{\"text\":\"k\"}");
    assertThat(answers.get(1)).isEqualTo(answers.get(0));
  }

  @Test
  void noToolIsReadOnlyAndDestructiveAtOnceOrHasAnEmptyTitle() {
    for (JsonNode tool : listed()) {
      JsonNode hints = tool.path("annotations");
      String name = tool.path("name").asString();
      boolean both =
          hints.path("readOnlyHint").asBoolean(false)
              && hints.path("destructiveHint").asBoolean(true);
      assertThat(both).as(name).isFalse();
      assertThat(tool.path("title").asString("-")).as(name).isNotBlank();
      assertThat(hints.path("title").asString("-")).as(name).isNotBlank();
    }
  }

  @Test
  void nullForArgumentsIsAnEmptyObject() {
    ObjectNode params = Json.object("{\"name\":\"echo\",\"arguments\":null}");
    assertThat(text(http.modern("tools/call", params.deepCopy()).send().result())).isEqualTo("{}");
    String session = http.initialize("2025-11-25", "test");
    assertThat(text(http.legacy(session, "tools/call", params).send().result())).isEqualTo("{}");
  }

  private List<JsonNode> listed() {
    return modernList().valueStream().toList();
  }

  private JsonNode modernList() {
    return http.modern("tools/list", Replies.object()).send().result().path("tools");
  }

  private JsonNode legacyList(String version) {
    String session = http.initialize(version, "test");
    return http.legacy(session, "tools/list", Replies.object()).send().result().path("tools");
  }

  private static JsonNode named(JsonNode list, String name) {
    return list.valueStream()
        .filter(tool -> tool.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode call(String tool, String arguments) {
    return http.modernCall(tool, arguments).send().result();
  }

  private static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asString();
  }

  private static ObjectNode structured(String json) {
    ObjectNode result = Json.object("{}");
    result.set("structuredContent", Json.tree(json));
    return result;
  }

  private static Tool tool(
      String name,
      Execution execution,
      String inputSchema,
      @Nullable String outputSchema,
      ToolHandler handler) {
    Tool tool = Tools.tool(name, execution, Duration.ofMinutes(1), inputSchema, handler);
    if (outputSchema != null) {
      tool.description().set("outputSchema", Json.tree(outputSchema));
    }
    return tool;
  }
}
