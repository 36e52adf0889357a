package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.McpHttp.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest extends McpTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":1,\"a\":2}", "{} {}", "nul"})
  void b1_b3_whatIsNotJsonIsAParseErrorWithoutAnId(String body) {
    Answer answer = http.raw(body).send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(-32700);
    assertThat(answer.json().has("id")).isFalse();
  }

  @Test
  void b1_brokenUtf8IsRefusedNotReplaced() {
    byte[] body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x?\"}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    body[body.length - 3] = (byte) 0xC3;
    Answer answer = http.raw(body).send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(-32700);
  }

  @Test
  void whatIsKeptWithASessionOrACallIsBounded() {
    String name = "\"clientInfo\":{\"name\":\"%s\",\"version\":\"1\"}";
    for (String params :
        new String[] {
          name.formatted("x".repeat(201)) + ",\"capabilities\":{}",
          name.formatted("x") + ",\"capabilities\":{\"a\":\"" + "x".repeat(16_384) + "\"}"
        }) {
      String body =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
              + "{\"protocolVersion\":\"2025-11-25\","
              + params
              + "}}";
      assertThat(http.raw(body).send().code()).isEqualTo(-32602);
    }
    String longId = "\"" + "x".repeat(1_001) + "\"";
    String ping = "{\"jsonrpc\":\"2.0\",\"id\":" + longId + ",\"method\":\"ping\"}";
    assertThat(http.raw(ping).send().code()).isEqualTo(-32600);
    var call = McpHttp.callParams("inline_echo", "{}");
    call.putObject("_meta").put("progressToken", "x".repeat(1_001));
    assertThat(http.modern("tools/call", call).send().code()).isEqualTo(-32602);
  }

  @Test
  void b1_deepNestingIsRefused() {
    Answer answer = http.raw("[".repeat(1000) + "]".repeat(1000)).send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(-32700);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5|",
        "\"text\"|",
        "{\"id\":7,\"method\":\"ping\"}|7",
        "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}|7",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}|",
        "{\"jsonrpc\":\"2.0\",\"id\":7}|7",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":5}|7",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":[]}|7"
      })
  void b2_b3_whatIsNoMessageIsAnInvalidRequest(String body, String id) {
    Answer answer = http.raw(body).send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(-32600);
    if (id == null) {
      assertThat(answer.json().has("id")).isFalse();
    } else {
      assertThat(answer.json().path("id").toString()).isEqualTo(id);
    }
  }

  @Test
  void aBodyOverTheLimitIsRefusedAndTheSettingIsNamed() {
    Answer answer = http.raw("\"" + "x".repeat(70_000) + "\"").send();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.code()).isEqualTo(-32600);
    assertThat(answer.text).contains("longhaul.mcp.max-request-size");
  }

  @Test
  void anotherContentTypeIsRefused() {
    Answer answer = http.raw("{}").header("Content-Type", "text/plain").send();
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void h4_anUnknownToolIsAnError() {
    Answer answer = http.modernCall("nobody", "{}").send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.code()).isEqualTo(-32602);
    assertThat(answer.text).contains("Unknown tool: nobody");
  }

  @Test
  void h5_h8_invalidArgumentsAreAResultThatNamesEveryViolation() {
    Answer answer = http.modernCall("slow", "{\"bad\":1}").send();
    assertThat(answer.result().path("isError").asBoolean()).isTrue();
    assertThat(answer.result().path("content").get(0).path("text").asString())
        .contains("/bad: is bad")
        .contains("is worse");
  }

  @Test
  void h8_b10_aFullQueueSaysWhenToTryAgain() {
    Answer answer = http.modernCall("full", "{}").send();
    assertThat(answer.code()).isEqualTo(-31001);
    assertThat(answer.json().path("error").path("data").path("retryAfterSeconds").asInt())
        .isEqualTo(7);
  }

  @Test
  void h4_argumentsMustBeAnObject() {
    assertThat(http.modernCall("slow", "[1]").send().code()).isEqualTo(-32602);
  }
}
