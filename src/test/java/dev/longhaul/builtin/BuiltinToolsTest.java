package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.LonghaulApplication;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built-in tools in the whole application, over HTTP. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class BuiltinToolsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
    registry.add("longhaul.tools.profile_dataset.concurrency", () -> "3");
    registry.add("longhaul.tools.profile_dataset.rate", () -> "20/s");
  }

  @LocalServerPort private int port;
  @Autowired private ToolCatalogue catalogue;

  private JsonNode call(String tool, String arguments) throws IOException, InterruptedException {
    String body =
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":%s,"_meta":{
          "io.modelcontextprotocol/protocolVersion":"2026-07-28",
          "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},
          "io.modelcontextprotocol/clientCapabilities":{}}}}
        """
            .formatted(tool, arguments);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", tool)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      int data = answer.lastIndexOf("data: {");
      return JSON.readTree(data < 0 ? answer : answer.substring(data + 6)).path("result");
    }
  }

  private Tool tool(String name) {
    return catalogue.find(name).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          profile_dataset | {"content":"a,b,c,d\\n1,x,2026-01-01,\\n2,y,,{}\\nz\\n"}
          profile_dataset | {"content":"{\\"a\\":1.5,\\"b\\":[1]}\\n{\\"a\\":\\"x\\"}"}
          profile_dataset | {"path":"shipments.csv"}
          profile_dataset | {"path":"events.jsonl", "format":"jsonl"}
          fetch_urls      | {"urls":["http://127.0.0.1/","nonsense"]}
          fetch_urls      | {"urls":["http://[::1]/"],"max_concurrent":1,"timeout_seconds":5}
          compute_hash    | {"data":"abc"}
          compute_hash    | {"data":"","algorithm":"sha512"}
          compress_data   | {"data":"abc"}
          compress_data   | {"data":"","algorithm":"deflate","level":1}
          get_concurrency_status | {}
          """)
  void answersAsTheOutputSchemaSays(String name, String arguments) throws Exception {
    JsonNode result = call(name, arguments);

    assertThat(result.path("isError").asBoolean(true)).as(result.toString()).isFalse();
    JsonNode schema = tool(name).description().path("outputSchema");
    assertThat(schema.path("properties").isEmpty()).isFalse();
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(result.path("structuredContent")))
        .isEmpty();
    // The properties of the schema must be present: a renamed one would pass the validation.
    assertThat(schema.path("properties").propertyNames())
        .containsAll(result.path("structuredContent").propertyNames());
    assertThat(schema.path("properties").path("data").path("properties").propertyNames())
        .isNotEmpty()
        .containsAll(result.path("structuredContent").path("data").propertyNames());
  }

  @Test
  void answersWithTheEnvelopeAsOneTextItsSummaryFirst() throws Exception {
    JsonNode result = call("fetch_urls", "{\"urls\":[\"http://127.0.0.1/\",\"nonsense\"]}");

    JsonNode answer = result.path("structuredContent");
    assertThat(result.path("content").size()).isEqualTo(1);
    assertThat(JSON.readTree(result.path("content").path(0).path("text").asString()))
        .isEqualTo(answer);
    assertThat(answer.path("summary").asString()).startsWith("0 of 2 URLs fetched, 2 failed");
    assertThat(answer.propertyNames())
        .containsExactly("summary", "data", "counts", "errors", "timing");
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"total\":2,\"succeeded\":0,\"failed\":2}");
    assertThat(answer.path("errors").valueStream().map(error -> error.path("code").asString()))
        .containsExactly("ADDRESS_REFUSED", "INVALID_URL");
    assertThat(answer.path("errors").path(0).path("remediation").asString())
        .contains("longhaul.builtin.fetch.allow-private-addresses");
    JsonNode timing = answer.path("timing");
    assertThat(
            timing.path("elapsed_seconds").asDouble() + timing.path("headroom_seconds").asDouble())
        .isCloseTo(timing.path("timeout_seconds").asDouble(), within(0.01));
  }

  @Test
  void saysWhatRunsAndWaitsAndWhatTheLimitsAre() throws Exception {
    JsonNode answer = call("get_concurrency_status", "{}").path("structuredContent");

    JsonNode data = answer.path("data");
    assertThat(data.path("queues").valueStream().map(queue -> queue.path("name").asString()))
        .contains("default");
    JsonNode hash =
        data.path("tools")
            .valueStream()
            .filter(tool -> tool.path("name").asString().equals("profile_dataset"))
            .findFirst()
            .orElseThrow();
    assertThat(hash.toString())
        .isEqualTo(
            "{\"name\":\"profile_dataset\",\"execution\":\"queued\",\"queue\":\"cpu\","
                + "\"timeout_seconds\":300.0,\"max_concurrent\":3,\"running\":0,"
                + "\"max_rate\":\"20/s\",\"waiting\":0}");
    assertThat(data.path("process").path("slots").path("io").asInt()).isEqualTo(50);
    assertThat(data.path("recommendations").isEmpty()).isFalse();
    assertThat(answer.path("counts").propertyNames())
        .containsExactly("running", "waiting", "held_back", "scheduled", "held");
  }

  @Test
  void hasTheArgumentsThatAreDocumented() {
    Map<String, Set<String>> arguments =
        Map.of(
            "profile_dataset", Set.of("path", "content", "format"),
            "fetch_urls", Set.of("urls", "max_concurrent", "timeout_seconds"),
            "compute_hash", Set.of("data", "algorithm"),
            "compress_data", Set.of("data", "algorithm", "level"));
    Map<String, Set<String>> required =
        Map.of(
            "profile_dataset", Set.of(),
            "fetch_urls", Set.of("urls"),
            "compute_hash", Set.of("data"),
            "compress_data", Set.of("data"));
    arguments.forEach((name, names) -> {
      JsonNode schema = tool(name).description().path("inputSchema");
      assertThat(schema.path("properties").propertyNames()).hasSameElementsAs(names);
      assertThat(schema.path("required").valueStream().map(JsonNode::asString))
          .hasSameElementsAs(required.get(name));
      JsonNode hints = tool(name).description().path("annotations");
      assertThat(hints.path("readOnlyHint").asBoolean()).isTrue();
      assertThat(hints.path("idempotentHint").asBoolean()).isTrue();
      assertThat(hints.path("openWorldHint").asBoolean()).isEqualTo(name.equals("fetch_urls"));
    });
  }

  @Test
  void everyToolRefusesAnArgumentThatItDoesNotKnow() throws Exception {
    for (Tool tool : catalogue.all()) {
      // For a batch without jobs, only the missing jobs are reported.
      String jobs =
          tool.name().equals("run_batch")
              ? "\"jobs\":[{\"tool\":\"compute_hash\",\"arguments\":{\"data\":\"x\"}}],"
              : "";
      JsonNode result = call(tool.name(), "{" + jobs + "\"nope\":1}");
      assertThat(result.path("isError").asBoolean()).as(result.toString()).isTrue();
      assertThat(result.toString()).contains("nope");
    }
    JsonNode result = call("profile_dataset", "{\"content\":\"a\\n1\\n\",\"nope\":1}");
    assertThat(result.path("isError").asBoolean()).as(result.toString()).isTrue();
    assertThat(result.toString()).contains("nope");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                     | 'content'
          {"format":"csv"}                       | 'content'
          {"path":"a.csv","content":"a"}         | content
          {"path":"a.csv"}                       |
          {"content":"a"}                        |
          """)
  void theSchemaOfProfileDatasetTakesExactlyOneOfPathAndContent(
      String arguments, @Nullable String named) {
    Tool tool = tool("profile_dataset");
    var violations = catalogue.violations(tool, JSON.readTree(arguments));

    if (named == null) {
      assertThat(violations).isEmpty();
    } else {
      assertThat(violations)
          .singleElement()
          .satisfies(one -> assertThat(one.path() + one.message()).contains(named));
    }
    // Keywords that several model APIs refuse at the root.
    assertThat(tool.description().path("inputSchema").propertyNames())
        .doesNotContain("oneOf", "anyOf", "allOf", "not", "enum");
  }

  @Test
  void appliesTheDefaults() throws Exception {
    JsonNode hash =
        call("compute_hash", "{\"data\":\"abc\"}").path("structuredContent").path("data");
    assertThat(hash.path("algorithm").asString()).isEqualTo("sha256");
    assertThat(hash.path("hex").asString())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    JsonNode compressed =
        call("compress_data", "{\"data\":\"abc\"}").path("structuredContent").path("data");
    assertThat(compressed.path("algorithm").asString()).isEqualTo("gzip");
    assertThat(compressed.path("level").asInt()).isEqualTo(6);
  }

  @Test
  void answersQuickToolsInlineSoThatNoJobIsStored() throws Exception {
    call("compute_hash", "{\"data\":\"abc\"}");
    call("compress_data", "{\"data\":\"abc\"}");

    JsonNode listed = call("list_operations", "{}").path("structuredContent").path("operations");

    assertThat(listed.isArray()).isTrue();
    assertThat(listed.valueStream().map(job -> job.path("tool").asString()))
        .doesNotContain("compute_hash", "compress_data");
  }
}
