package dev.longhaul.mcp;

import static dev.longhaul.mcp.McpHttp.P;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Replies;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ModernEnvelopeTest extends McpTest {

  @Test
  void f1_f2_f3_f4_m1_m23_discoverDeclaresWhatIsServedAndNothingElse() {
    JsonNode result = http.modern("server/discover", Replies.object()).send().result();
    assertThat(result.path("resultType").asString()).isEqualTo("complete");
    assertThat(result.path("supportedVersions").toString()).isEqualTo("[\"2026-07-28\"]");
    assertThat(result.path("capabilities").toString())
        .isEqualTo(
            "{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},"
                + "\"resources\":{\"listChanged\":true,\"subscribe\":true},\"completions\":{},"
                + "\"extensions\":{\""
                + P
                + "tasks\":{}}}");
    assertThat(result.path("ttlMs").isIntegralNumber()).isTrue();
    assertThat(result.path("cacheScope").asString()).isEqualTo("public");
    assertThat(result.path("_meta").path(P + "serverInfo").path("name").asString())
        .isEqualTo("longhaul");
  }

  @Test
  void g2_g7_toolsAreListedInAStableOrderPageByPage() {
    ObjectNode params = Replies.object();
    List<String> names = new java.util.ArrayList<>();
    for (int page = 0; page < 10; page++) {
      JsonNode result = http.modern("tools/list", params).send().result();
      StreamSupport.stream(result.path("tools").spliterator(), false)
          .forEach(tool -> names.add(tool.path("name").asString()));
      assertThat(result.path("tools").size()).isLessThanOrEqualTo(3);
      if (!result.has("nextCursor")) {
        break;
      }
      params = Replies.object().put("cursor", result.path("nextCursor").asString());
    }
    assertThat(names)
        .containsExactly(
            "inline_echo",
            "quick",
            "slow",
            "full",
            "typed",
            "inline_mirrored",
            "continue_operation",
            "get_operation",
            "cancel_operation",
            "list_operations");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"nonsense\"", "\"YWZ0ZXI6bm9uZQ\"", "5", "null"})
  void g7_aCursorThatIsNotOursIsRefused(String cursor) {
    ObjectNode params = Replies.object();
    params.set("cursor", dev.longhaul.mcp.wire.Json.tree(cursor));
    Answer answer = http.modern("tools/list", params).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.code()).isEqualTo(-32602);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "tasks/result",
        "tasks/list",
        "no/such"
      })
  void a5_c6_f2_m17_aMethodThatIsNotServedIsNotFound(String method) {
    Answer answer = http.modern(method, Replies.object()).send();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo(-32601);
  }

  @Test
  void e1_b3_missingMetaIsRefusedBeforeAnythingElse() {
    Answer none =
        http.raw("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/list\"}")
            .header("MCP-Protocol-Version", "2026-07-28")
            .send();
    assertThat(none.status()).isEqualTo(400);
    assertThat(none.code()).isEqualTo(-32602);
    assertThat(none.json().path("id").asString()).isEqualTo("a");

    ObjectNode params = Replies.object();
    params.putObject("_meta").put(P + "protocolVersion", "2026-07-28");
    Answer noCapabilities = http.raw(McpHttp.request(1, "tools/list", params).toString()).send();
    assertThat(noCapabilities.status()).isEqualTo(400);
    assertThat(noCapabilities.code()).isEqualTo(-32602);
  }

  @Test
  void d1_d2_theVersionHeaderMustAgreeWithTheBody() {
    for (String header : new String[] {null, "2025-11-25", "1999-01-01"}) {
      Answer answer =
          http.modern("tools/list", Replies.object()).header("MCP-Protocol-Version", header).send();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo(-32020);
    }
  }

  @Test
  void a2_a3_anUnknownVersionIsToldWhichAreServed() {
    ObjectNode params = Replies.object();
    ObjectNode meta = params.putObject("_meta").put(P + "protocolVersion", "2099-01-01");
    meta.putObject(P + "clientCapabilities");
    Answer answer =
        http.raw(McpHttp.request(1, "tools/list", params).toString())
            .header("MCP-Protocol-Version", "2099-01-01")
            .send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(-32022);
    assertThat(answer.json().path("error").path("data").toString())
        .isEqualTo("{\"supported\":[\"2026-07-28\"],\"requested\":\"2099-01-01\"}");
  }

  @Test
  void d3_d7_theMethodHeaderMustAgreeToTheLetter() {
    for (String header : new String[] {null, "Tools/List", "tools/call"}) {
      Answer answer =
          http.modern("tools/list", Replies.object()).header("Mcp-Method", header).send();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo(-32020);
    }
    Answer spaced =
        http.modern("tools/list", Replies.object()).header("Mcp-Method", " tools/list ").send();
    assertThat(spaced.status()).isEqualTo(200);
  }

  @Test
  void d4_d8_d9_d10_theNameHeaderMayBeBase64AndMustAgree() {
    for (String header :
        new String[] {
          null,
          "other",
          "=?base64?aW5saW5lX2VjaG8?=",
          "=?base64?aW5saW5lX2VjaG8=",
          "=?BASE64?aW5saW5lX2VjaG8=?="
        }) {
      Answer answer = http.modernCall("inline_echo", "{}").header("Mcp-Name", header).send();
      assertThat(answer.status()).as(String.valueOf(header)).isEqualTo(400);
      assertThat(answer.code()).isEqualTo(-32020);
    }
    Answer encoded =
        http.modernCall("inline_echo", "{}")
            .header("Mcp-Name", "=?base64?aW5saW5lX2VjaG8=?=")
            .send();
    assertThat(encoded.status()).isEqualTo(200);
  }

  @Test
  void d6_d12_d13_d14_d15_d18_mirroredArgumentsMustAgreeWithTheirHeaders() {
    assertThat(mirrored("{\"region\":\"eu\"}", "eu", null).status()).isEqualTo(200);
    assertThat(mirrored("{\"region\":\"eu\"}", "=?base64?ZXU=?=", null).status()).isEqualTo(200);
    assertThat(mirrored("{\"region\":null}", null, null).status()).isEqualTo(200);
    assertThat(mirrored("{\"level\":42}", null, "42.0").status()).isEqualTo(200);
    assertThat(mirrored("{\"region\":\"eu\"}", null, null).code()).isEqualTo(-32020);
    assertThat(mirrored("{\"region\":\"eu\"}", "us", null).code()).isEqualTo(-32020);
    assertThat(mirrored("{\"region\":\"eu\"}", "=?base64?ZXU?=", null).code()).isEqualTo(-32020);
    assertThat(mirrored("{}", "eu", null).code()).isEqualTo(-32020);
    assertThat(mirrored("{\"level\":42}", null, "43").status()).isEqualTo(400);
  }

  private Answer mirrored(String arguments, @Nullable String region, @Nullable String level) {
    return http.modernCall("inline_mirrored", arguments)
        .header("mcp-param-REGION", region)
        .header("Mcp-Param-Level", level)
        .header("Mcp-Param-Unknown", "ignored")
        .send();
  }

  @Test
  void b6_b7_c5_d18_notificationsAreTakenAndResponsesAreNot() {
    ObjectNode params = Replies.object();
    params.putObject("_meta").put(P + "protocolVersion", "2026-07-28");
    ObjectNode notification =
        Replies.notification("notifications/cancelled", params.put("requestId", 1));
    Answer taken = http.raw(notification.toString()).send();
    assertThat(taken.status()).isEqualTo(202);
    assertThat(taken.text).isEmpty();

    Answer refused =
        http.raw("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")
            .header("MCP-Protocol-Version", "2026-07-28")
            .send();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo(-32600);
  }

  @Test
  void c10_getAndDeleteAreNotAllowed() {
    for (String method : List.of("GET", "DELETE")) {
      Answer answer =
          http.raw("")
              .method(method)
              .header("MCP-Protocol-Version", "2026-07-28")
              .header("Mcp-Session-Id", "whatever")
              .send();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.response.headers().firstValue("Allow")).contains("POST, GET, DELETE");
    }
  }

  @Test
  void c11_aSessionIdIsIgnoredAndNeverMinted() {
    Answer answer =
        http.modern("tools/list", Replies.object()).header("Mcp-Session-Id", "gone").send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.response.headers().firstValue("Mcp-Session-Id")).isEmpty();
  }
}
