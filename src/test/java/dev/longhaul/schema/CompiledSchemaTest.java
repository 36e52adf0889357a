package dev.longhaul.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
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
  void h9_anotherDialectIsFollowedWhenTheSchemaNamesIt() {
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
  void h9_aDialectNobodyKnowsIsRefusedWhenTheToolIsRegistered() {
    assertThatThrownBy(
            () -> registered("{\"$schema\":\"urn:example:dialect\",\"type\":\"object\"}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The input schema of tool 'order' cannot be compiled: ")
        .hasMessageContaining("urn:example:dialect");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$ref", "$dynamicRef", "$schema"})
  void h10_neverFetchesARemoteRef(String keyword) throws IOException {
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
      assertThatThrownBy(() -> violations(schema, "{\"x\":1}"))
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining(url);
      assertThat(requests).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void h10_aReferenceToAFileIsNotReadEither() {
    assertThatThrownBy(() ->
            registered(
                "{\"type\":\"object\","
                    + "\"properties\":{\"x\":{\"$ref\":\"file:///etc/hostname\"}}}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("file:///etc/hostname");
  }

  @Test
  void h10_anUnresolvedReferenceIsRefusedByNameWhenTheToolIsRegistered() {
    for (String reference :
        List.of("https://example.com/order.json", "order.json", "urn:example:order#/a")) {
      String schema =
          "{\"type\":\"object\",\"properties\":{\"x\":{\"items\":{\"$ref\":\""
              + reference
              + "\"}}}}";
      assertThatThrownBy(() -> registered(schema))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("tool 'order'")
          .hasMessageContaining(reference)
          .hasMessageContaining("/properties/x/items/$ref")
          .hasMessageContaining("never fetched");
    }
    assertThatThrownBy(() ->
            registered("{\"type\":\"object\",\"properties\":{\"x\":{\"$ref\":\"#/$defs/none\"}}}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tool 'order'")
        .hasMessageContaining("/$defs/none");
  }

  @Test
  void h10_referencesWithinTheSchemaResolve() {
    String schema =
        """
        {"$id":"https://example.com/root.json","type":"object",
         "properties":{"a":{"$ref":"part.json"},"b":{"$ref":"#named"},
           "c":{"$ref":"https://example.com/part.json#/properties/n"},
           "$ref":{"type":"string"},"d":{"const":{"$ref":"elsewhere.json"}}},
         "$defs":{
           "part":{"$id":"part.json","type":"object","properties":{"n":{"type":"integer"}}},
           "named":{"$anchor":"named","type":"boolean"}}}
        """;
    assertThat(violations(schema, "{\"a\":{\"n\":1},\"b\":true,\"c\":2,\"$ref\":\"x\"}")).isEmpty();
    assertThat(violations(schema, "{\"a\":{\"n\":\"x\"},\"b\":1,\"c\":\"x\",\"$ref\":5}"))
        .extracting(Violation::path)
        .containsExactlyInAnyOrder("/a/n", "/b", "/c", "/$ref");
  }

  @Test
  void h11_depthAndSizeOfASchemaAreBounded() {
    String deep = "{\"items\":".repeat(200) + "{}" + "}".repeat(200);
    assertThatThrownBy(
            () -> registered("{\"type\":\"object\",\"properties\":{\"x\":" + deep + "}}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tool 'order'")
        .hasMessageContaining("deeper than 64");
    String many =
        IntStream.range(0, 10_001)
            .mapToObj(n -> "\"p" + n + "\":{}")
            .collect(java.util.stream.Collectors.joining(","));
    assertThatThrownBy(() -> registered("{\"type\":\"object\",\"properties\":{" + many + "}}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("more than 10000 subschemas");
  }

  @Test
  void h11_aPatternThatBacktracksForeverIsStopped() {
    // Exponential, because the JDK does not cache failed attempts with back-references.
    String schema = "{\"properties\":{\"x\":{\"pattern\":\"^(?:(a+)\\\\1?)+b$\"}}}";
    assertThat(violations(schema, "{\"x\":\"" + "a".repeat(60) + "!\"}"))
        .singleElement()
        .satisfies(
            violation -> assertThat(violation.message()).contains("a pattern takes too long"));
    assertThat(violations(schema, "{\"x\":\"" + "a".repeat(60) + "b\"}")).isEmpty();
  }

  @Test
  void h11_aPatternThatGoesTooDeepIsStopped() {
    String schema = "{\"properties\":{\"x\":{\"pattern\":\"^(a|b|cd)*$\"}}}";
    assertThat(violations(schema, "{\"x\":\"" + "ab".repeat(2_000_000) + "\"}"))
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).contains("cannot be checked"));
  }

  @Test
  void h11_referencesThatMultiplyAreStopped() {
    // Each level of the value doubles the work: 2^100 steps without a bound.
    String schema =
        """
        {"$ref":"#/$defs/a","$defs":{
          "a":{"anyOf":[{"properties":{"x":{"$ref":"#/$defs/a"}},"required":["no"]},
                        {"properties":{"x":{"$ref":"#/$defs/a"}},"required":["never"]}]}}}
        """;
    String value = "{\"x\":".repeat(100) + "{}" + "}".repeat(100);
    assertThat(violations(schema, value))
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).contains("cannot be checked"));
  }

  @Test
  void h11_aSchemaThatRefersToItselfInPlaceIsStopped() {
    assertThat(violations("{\"$ref\":\"#\"}", "{}"))
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).contains("cannot be checked"));
  }

  @Test
  void h11_aFloodOfErrorsIsStopped() {
    var schema =
        new CompiledSchema(
            Tools.object("{\"properties\":{\"x\":{\"items\":{\"type\":\"string\"}}}}"));
    var value = Tools.object("{\"x\":[" + "1,".repeat(300_000) + "1]}");
    assertThat(schema.violations(value)).hasSize(50);
  }

  @Test
  void collectingStopsAtTheBound() {
    var schema = new CompiledSchema(Tools.object("{\"additionalProperties\":false}"));
    var value = Tools.object("{}");
    IntStream.range(0, 700_000).forEach(n -> value.put("k" + n, n));
    ValidationBudget budget = new ValidationBudget();
    assertThat(schema.violations(value, budget)).hasSize(50);
    assertThat(budget.errors()).isEqualTo(50);
  }

  @Test
  void alternativesThatBreakEverywhereKeepFewErrors() {
    var schema =
        new CompiledSchema(
            Tools.object(
                """
                {"anyOf":[
                  {"properties":{"x":{"items":{"anyOf":[{"type":"string"},{"type":"object"}]}}}},
                  {"required":["y"]}]}
                """));
    var value = Tools.object("{\"x\":[" + "1,".repeat(200_000) + "1]}");
    assertThat(schema.violations(value)).isNotEmpty().hasSizeLessThanOrEqualTo(50);
  }

  @Test
  void aLongValueWhoseFirstAlternativeNeverFitsIsStillTaken() {
    assertThat(
            violations(
                "{\"properties\":{\"x\":{\"items\":"
                    + "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}}}}",
                "{\"x\":[" + "1,".repeat(150_000) + "1]}"))
        .isEmpty();
  }

  @Test
  void longNamesAreCutInWhatIsSaid() {
    assertThat(violations("{\"additionalProperties\":false}", "{\"" + "n".repeat(40_000) + "\":1}"))
        .singleElement()
        .satisfies(violation -> assertThat(violation.message()).hasSizeLessThan(1_100));
  }

  @Test
  void aLargeValueIsCheckedToItsEnd() {
    String numbers = "1,".repeat(1_000_000);
    assertThat(
            violations(
                "{\"properties\":{\"x\":{\"items\":{\"type\":\"integer\",\"minimum\":0}}}}",
                "{\"x\":[" + numbers + "-1]}"))
        .extracting(Violation::path)
        .containsExactly("/x/1000000");
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
