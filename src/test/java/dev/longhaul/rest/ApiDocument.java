package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks responses against the OpenAPI document: the status, the media type, the headers and the
 * body, which must not have undocumented fields.
 */
final class ApiDocument {
  private static final String ID = "https://longhaul.test/openapi";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode document;
  private final SchemaRegistry schemas;
  private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

  ApiDocument(String text) {
    ObjectNode root = (ObjectNode) JSON.readTree(text);
    root.put("$id", ID).put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.path("components").path("schemas").forEach(ApiDocument::close);
    document = root;
    schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemas(Map.of(ID, root.toString())));
  }

  /** Forbids undocumented properties. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
  }

  JsonNode json() {
    return document;
  }

  /** Fails if the response does not match the document. */
  void check(HttpResponse<String> answer) {
    String method = answer.request().method();
    String path = answer.uri().getPath();
    int status = answer.statusCode();
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    String what = method + " " + answer.uri() + " " + status + " " + answer.body();
    String route = route(path);
    JsonNode operation = document.path("paths").path(route).path(method.toLowerCase(Locale.ROOT));
    if (operation.isMissingNode()) {
      assertThat(status).as(what).isIn(400, 401, 403, 404, 405, 415);
      assertThat(type).as(what).isEqualTo("application/problem+json");
      conforms("#/components/schemas/Problem", answer.body(), what);
      return;
    }
    JsonNode response = operation.path("responses").path(Integer.toString(status));
    assertThat(response.isMissingNode()).as("not described: " + what).isFalse();
    response
        .path("headers")
        .properties()
        .forEach(header -> {
          if (header.getValue().path("required").booleanValue(false)) {
            assertThat(answer.headers().firstValue(header.getKey()))
                .as(header.getKey() + " of " + what)
                .isPresent();
          }
        });
    if (!response.has("content")) {
      assertThat(answer.body()).as(what).isEmpty();
      return;
    }
    JsonNode content = response.path("content").path(type);
    assertThat(content.isMissingNode()).as("media type " + type + " of " + what).isFalse();
    if (type.endsWith("json")) {
      String operationPointer = "#/paths/" + escaped(route) + "/" + method.toLowerCase(Locale.ROOT);
      String pointer = "/responses/" + status + "/content/" + escaped(type) + "/schema";
      conforms(operationPointer + pointer, answer.body(), what);
    }
  }

  /** Fails if the body of an accepted request does not match the document. */
  void checkTaken(HttpResponse<String> answer, String body) {
    String route = route(answer.uri().getPath());
    String method = answer.request().method().toLowerCase(Locale.ROOT);
    if (document.path("paths").path(route).path(method).has("requestBody") && !body.isEmpty()) {
      conforms(
          "#/paths/"
              + escaped(route)
              + "/"
              + method
              + "/requestBody/content/application~1json/schema",
          body,
          "taken at " + route + ": " + body);
    }
  }

  /** Fails if the JSON does not match the schema at this JSON pointer of the document. */
  void conforms(String pointer, String json, String what) {
    var schema =
        compiled.computeIfAbsent(pointer, p -> schemas.getSchema(SchemaLocation.of(ID + p)));
    assertThat(schema.validate(json, InputFormat.JSON)).as(what).isEmpty();
  }

  private static String escaped(String part) {
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D");
  }

  /** The documented path of a request path; a literal match is preferred to one with parameters. */
  private String route(String path) {
    if (document.path("paths").has(path)) {
      return path;
    }
    return document.path("paths").propertyNames().stream()
        .filter(route -> path.matches(pattern(route)))
        .min(Comparator.comparingInt(ApiDocument::parameters))
        .orElse(path);
  }

  private static String pattern(String route) {
    return route.replace("{kind}", "(?:jobs|batches|chains)").replaceAll("\\{[^}]*}", "[^/]+");
  }

  private static int parameters(String route) {
    return route.split("\\{", -1).length;
  }
}
