package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.rest.RestClient.Answer;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.PermanentFailureException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Results in pages, and results that are larger than a response may be. */
class ResultPagesTest extends RestFixture {
  private static final int ROWS = 500;

  @TestConfiguration(proxyBeanMethods = false)
  static class Served {
    @Bean
    SmartInitializingSingleton served(RegisteredTools tools) {
      return () -> {
        tools.register(Tools.queued("small", _ -> Tools.text("small")));
        tools.register(Tools.queued("table", _ -> table()));
        tools.register(
            Tools.queued(
                "refuses",
                _ -> {
                  throw new PermanentFailureException("no such table 🚚");
                }));
      };
    }
  }

  /** A result of about 90 kB; one cell alone is larger than a response may be. */
  private static ObjectNode table() {
    ObjectNode result = Tools.text("🚚".repeat(5_000));
    ObjectNode structured = result.putObject("structuredContent");
    ArrayNode rows = structured.putArray("rows");
    for (int i = 0; i < ROWS; i++) {
      rows.addObject().put("n", i).put("text", "row " + i + " " + "ü".repeat(20));
    }
    structured.putArray("cells").add("x".repeat(30_000)).add("small");
    return result;
  }

  private String finished(String tool) {
    String self = "/api/v1/jobs/" + rest.submit(tool, "{}");
    assertThat(rest.get(self + "?wait_seconds=60").json().path("finished_at").isNull()).isFalse();
    return self + "/result";
  }

  @Test
  void aSmallResultIsAnsweredAsItIs() {
    Answer answer = rest.get(finished("small"));
    assertThat(answer.json()).isEqualTo(Tools.text("small"));
    assertThat(answer.header("Longhaul-Result-Page")).isEmpty();
  }

  @Test
  void ofALargeResultTheFirstPageIsAnsweredWithALinkToTheNext() {
    StringBuilder whole = new StringBuilder();
    String url = finished("table");
    int pages = 0;
    while (!url.isEmpty()) {
      Answer answer = rest.get(url);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Longhaul-Result-Page")).isEqualTo("true");
      assertThat(answer.header("Longhaul-Job-State")).isEqualTo("completed");
      assertThat(answer.response().body().getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(20 * 1024);
      JsonNode page = answer.json();
      assertThat(page.path("kind").asString()).isEqualTo("json");
      assertThat(page.path("offset").asInt()).isEqualTo(whole.length());
      whole.append(page.path("data").asString());
      assertThat(page.path("has_more").asBoolean()).isEqualTo(page.has("next_offset"));
      url = page.path("links").path("next").asString("");
      pages++;
    }
    assertThat(pages).isGreaterThan(3);
    assertThat(Tools.JSON.readTree(whole.toString())).isEqualTo(table());
  }

  @Test
  void anArrayIsReadByElements() {
    ArrayNode rows = Tools.JSON.createArrayNode();
    String url = finished("table") + "?pointer=/structuredContent/rows&limit=120";
    while (!url.isEmpty()) {
      JsonNode page = rest.get(url).json();
      assertThat(page.path("kind").asString()).isEqualTo("array");
      assertThat(page.path("total").asInt()).isEqualTo(ROWS);
      assertThat(page.path("data").size()).isBetween(1, 120);
      page.path("data").forEach(rows::add);
      url = page.path("links").path("next").asString("");
    }
    assertThat(rows).isEqualTo(table().path("structuredContent").path("rows"));
    assertThat(
            rest.get(finished("table") + "?pointer=/structuredContent/rows&offset=498")
                .json()
                .path("data")
                .toString())
        .startsWith("[{\"n\":498,")
        .contains("\"n\":499");
  }

  @Test
  void aTextIsReadByCharacters() {
    JsonNode page = rest.get(finished("table") + "?pointer=/content/0/text&limit=7").json();
    assertThat(page.path("kind").asString()).isEqualTo("text");
    assertThat(page.path("data").asString()).isEqualTo("🚚🚚🚚");
    assertThat(page.path("next_offset").asInt()).isEqualTo(6);
    assertThat(page.path("total").asInt()).isEqualTo(10_000);
  }

  @Test
  void anEndWithoutResultHasPagesToo() {
    Answer answer = rest.get(finished("refuses") + "?pointer=/error/message");
    assertThat(answer.json().path("state").asString()).isEqualTo("failed");
    assertThat(answer.json().path("data").asString()).isEqualTo("no such table 🚚");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?offset=-1                                       | offset  | whole number",
        "?offset=x                                        | offset  | whole number",
        "?limit=0                                         | limit   | 1 to 1000000",
        "?limit=1000001                                   | limit   | 1 to 1000000",
        "?pointer=rows                                    | pointer | JSON Pointer",
        "?pointer=/nobody                                 | pointer | names nothing",
        "?pointer=/content/0/text&offset=1                | offset  | middle of a character",
        "?pointer=/structuredContent/cells                | offset  | pointer=/structuredContent/cells/0",
        "?page=2                                          | page    | unknown"
      })
  void aPageThatMakesNoSenseIsRefusedByItsField(String query, String field, String says) {
    Answer answer = rest.get(finished("table") + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.type()).isEqualTo("invalid-request");
    JsonNode violation = answer.json().path("violations").path(0);
    assertThat(violation.path("path").asString()).isEqualTo(field);
    assertThat(violation.path("message").asString()).contains(says);
  }
}
