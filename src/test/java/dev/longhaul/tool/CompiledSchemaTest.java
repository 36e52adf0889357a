package dev.longhaul.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledSchemaTest {
  private static final String ORDER =
      """
      {"type":"object","required":["customer","lines"],"additionalProperties":false,
       "properties":{
         "customer":{"type":"string","minLength":2},
         "lines":{"type":"array","items":{"$ref":"#/$defs/line"}}},
       "$defs":{"line":{"type":"object","properties":{"pieces":{"type":"integer","minimum":1}}}}}
      """;

  @Test
  void validArgumentsBreakNothing() {
    assertThat(violations(ORDER, "{\"customer\":\"Zoë\",\"lines\":[{\"pieces\":3}]}")).isEmpty();
  }

  @Test
  void everyViolationIsNamedWithItsPlace() {
    List<Violation> violations =
        violations(
            ORDER, "{\"customer\":\"Z\",\"lines\":[{\"pieces\":2},{\"pieces\":\"x\"}],\"by\":1}");
    assertThat(violations)
        .extracting(Violation::path)
        .containsExactlyInAnyOrder("/customer", "/lines/1/pieces", "");
    assertThat(violations)
        .filteredOn(violation -> violation.path().isEmpty())
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).contains("by"));
  }

  @Test
  void everyMissingPropertyIsNamed() {
    assertThat(violations(ORDER, "{}"))
        .hasSize(2)
        .anySatisfy(violation -> assertThat(violation.message()).contains("customer"))
        .anySatisfy(violation -> assertThat(violation.message()).contains("lines"));
  }

  @Test
  void aPlaceIsAJsonPointerWithItsEscapes() {
    assertThat(
            violations(
                "{\"properties\":{\"a/b~c\":{\"type\":\"integer\"}}}", "{\"a/b~c\":\"text\"}"))
        .extracting(Violation::path)
        .containsExactly("/a~1b~0c");
  }

  @Test
  void aFloodOfViolationsIsCut() {
    String lines = "{\"pieces\":0},".repeat(200);
    assertThat(
            violations(
                ORDER,
                "{\"customer\":\"Zoë\",\"lines\":["
                    + lines.substring(0, lines.length() - 1)
                    + "]}"))
        .hasSize(50);
  }

  @Test
  void anotherDialectIsFollowedWhenTheSchemaNamesIt() {
    // In draft 7, items may be a list of schemas, one for each position; 2020-12 has no such form.
    String schema =
        """
        {"$schema":"http://json-schema.org/draft-07/schema#",
         "properties":{"pair":{"items":[{"type":"string"},{"type":"integer"}]}}}
        """;
    assertThat(violations(schema, "{\"pair\":[\"a\",\"b\"]}"))
        .extracting(Violation::path)
        .containsExactly("/pair/1");
  }

  @Test
  void aDialectNobodyKnowsIsRefusedWhenTheToolIsRegistered() {
    assertThatThrownBy(
            () -> registered("{\"$schema\":\"urn:example:dialect\",\"type\":\"object\"}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The input schema of tool 'order' cannot be compiled: ")
        .hasMessageContaining("urn:example:dialect");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$ref", "$dynamicRef", "$schema"})
  void nothingIsEverFetchedFromTheNetwork(String keyword) throws IOException {
    List<String> requests = new CopyOnWriteArrayList<>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestURI().toString());
          byte[] schema = "{\"type\":\"string\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, schema.length);
          exchange.getResponseBody().write(schema);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/schema.json";
      String reference = "{\"%s\":\"%s\"}".formatted(keyword, url);
      String schema =
          keyword.equals("$schema")
              ? reference
              : "{\"properties\":{\"x\":%s}}".formatted(reference);
      // A dynamic reference is looked at only when it is used.
      assertThatThrownBy(() -> violations(schema, "{\"x\":1}"))
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining(url);
      assertThat(requests).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aReferenceToAFileIsNotReadEither() {
    assertThatThrownBy(
            () -> registered("{\"properties\":{\"x\":{\"$ref\":\"file:///etc/hostname\"}}}"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void validationIsSafeForManyThreads() {
    var schema = new CompiledSchema(Tools.object(ORDER));
    var valid = Tools.object("{\"customer\":\"Zoë\",\"lines\":[]}");
    var invalid = Tools.object("{\"customer\":\"Z\",\"lines\":[]}");
    assertThat(
            IntStream.range(0, 500)
                .parallel()
                .allMatch(n -> schema.violations(n % 2 == 0 ? valid : invalid).size() == n % 2))
        .isTrue();
  }

  private static List<Violation> violations(String schema, String instance) {
    return new CompiledSchema(Tools.object(schema)).violations(Tools.object(instance));
  }

  private static RegisteredTools registered(String schema) {
    var tools = new RegisteredTools();
    tools.register(
        Tools.tool(
            "order", Execution.QUEUED, Duration.ofMinutes(1), schema, _ -> Tools.text("done")));
    return tools;
  }
}
