package dev.longhaul.catalog.springai;

import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.common.MetaUtils;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the entries of resources/list and resources/templates/list from the annotation. Replaces
 * Spring AI's adapters, which omit the title and the annotations.
 */
final class ResourceDescriptions {
  private final JsonMapper json;

  ResourceDescriptions(JsonMapper json) {
    this.json = json;
  }

  ObjectNode resource(Method method, McpResource annotation) {
    return describe("uri", method, annotation);
  }

  ObjectNode template(Method method, McpResource annotation) {
    return describe("uriTemplate", method, annotation);
  }

  /** A description of the SDK without empty strings. */
  ObjectNode clean(Object description) {
    ObjectNode clean = json.valueToTree(description);
    clean.removeIf(value -> value.isString() && value.asString().isEmpty());
    clean
        .path("arguments")
        .forEach(argument ->
            ((ObjectNode) argument)
                .removeIf(value -> value.isString() && value.asString().isEmpty()));
    return clean;
  }

  private ObjectNode describe(String key, Method method, McpResource annotation) {
    ObjectNode entry = json.createObjectNode().put(key, annotation.uri());
    entry.put("name", annotation.name().isEmpty() ? method.getName() : annotation.name());
    put(entry, "title", annotation.title());
    put(entry, "description", annotation.description());
    put(entry, "mimeType", annotation.mimeType());
    McpResource.McpAnnotations said = annotation.annotations();
    // A nested annotation cannot be absent; as in Spring AI, it counts if it has lastModified.
    if (!said.lastModified().isEmpty()) {
      ObjectNode annotations = entry.putObject("annotations");
      ArrayNode audience = annotations.putArray("audience");
      for (var role : said.audience()) {
        audience.add(role.name().toLowerCase(Locale.ROOT));
      }
      annotations.put("lastModified", said.lastModified());
      annotations.put("priority", said.priority());
    }
    Map<String, Object> meta = MetaUtils.getMeta(annotation.metaProvider());
    if (meta != null) {
      entry.set("_meta", json.valueToTree(meta));
    }
    return entry;
  }

  private static void put(ObjectNode entry, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      entry.put(name, value);
    }
  }
}
