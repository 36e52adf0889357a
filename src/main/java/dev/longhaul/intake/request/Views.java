package dev.longhaul.intake.request;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Derives from a schema the forms for validators, for OpenAPI and for models. */
final class Views {
  private static final List<String> ADDITIONAL_KEYWORDS = List.of("errorMessage", "refused");
  private static final List<String> PARTS = List.of("items", "if", "then", "else");

  private Views() {}

  /** A copy without the additional keywords of {@link RequestSchema}. */
  static ObjectNode standard(ObjectNode schema) {
    ObjectNode copy = schema.deepCopy();
    everywhere(copy, part -> part.remove(ADDITIONAL_KEYWORDS));
    return copy;
  }

  /**
   * Changes a component for OpenAPI: no titles, because generators name types after them, and null
   * allowed for what is optional.
   */
  static void forOpenApi(ObjectNode component) {
    everywhere(
        component,
        part -> {
          part.remove(ADDITIONAL_KEYWORDS);
          part.remove("title");
          if (part.path("properties") instanceof ObjectNode properties) {
            Set<String> required = texts(part.path("required"));
            properties
                .properties()
                .forEach(entry -> {
                  if (!required.contains(entry.getKey())) {
                    entry.setValue(nullable((ObjectNode) entry.getValue()));
                  }
                });
          }
        });
  }

  private static ObjectNode nullable(ObjectNode schema) {
    if (schema.has("$ref")) {
      ObjectNode either = JsonNodeFactory.instance.objectNode();
      either.putArray("oneOf").add(schema).addObject().put("type", "null");
      return either;
    }
    if (schema.path("oneOf").isArray()) {
      schema.withArray("oneOf").addObject().put("type", "null");
    } else if (schema.path("type").isString()) {
      String type = schema.path("type").asString();
      schema.putArray("type").add(type).add("null");
    }
    return schema;
  }

  /** The schema for models. Numeric bounds are included only for top-level arguments. */
  static ObjectNode forModels(JsonNode schema, List<String> opaque) {
    ObjectNode view = modelled(schema.has("oneOf") ? united(schema) : schema, opaque);
    view.path("properties")
        .properties()
        .forEach(entry -> {
          JsonNode argument = property(schema, entry.getKey());
          for (String bound : List.of("minimum", "maximum")) {
            if (argument.path(bound).isIntegralNumber()
                && argument.path(bound).asInt() < Integer.MAX_VALUE) {
              ((ObjectNode) entry.getValue()).set(bound, argument.path(bound));
            }
          }
        });
    return view;
  }

  private static ObjectNode modelled(JsonNode schema, List<String> opaque) {
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    if (opaque.contains(schema.path("title").asString(""))) {
      return view.put("type", "object");
    }
    // Models get only the first form, for example the tool call, or the names of a priority.
    JsonNode shape = schema.has("oneOf") ? schema.path("oneOf").path(0) : schema;
    view.set("type", shape.path("type"));
    for (String keyword : List.of("enum", "format", "default")) {
      if (shape.has(keyword)) {
        view.set(keyword, shape.path(keyword));
      }
    }
    if (shape.has("items")) {
      view.set("items", modelled(shape.path("items"), opaque));
    }
    if (shape.has("properties")) {
      ObjectNode properties = view.putObject("properties");
      shape
          .path("properties")
          .properties()
          .forEach(entry -> {
            if (!entry.getValue().has("deprecated")) {
              properties.set(entry.getKey(), described(entry.getValue(), opaque));
            }
          });
      if (!shape.path("required").isEmpty()) {
        view.set("required", shape.path("required"));
      }
    }
    return view;
  }

  private static ObjectNode described(JsonNode schema, List<String> opaque) {
    ObjectNode view = modelled(schema, opaque);
    if (schema.has("title")) {
      view.set("description", schema.path("title"));
    }
    return view;
  }

  /** Merges the forms: the properties of all of them, and what all of them require. */
  private static ObjectNode united(JsonNode schema) {
    ObjectNode all = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = all.putObject("properties");
    Set<String> required = null;
    for (JsonNode form : schema.path("oneOf")) {
      properties.setAll((ObjectNode) form.path("properties"));
      Set<String> here = texts(form.path("required"));
      if (required == null) {
        required = here;
      } else {
        required.retainAll(here);
      }
    }
    if (required != null) {
      required.forEach(all.putArray("required")::add);
    }
    return all;
  }

  /** The schema of a property, in the first form of the object that has it. */
  static JsonNode property(JsonNode schema, String name) {
    JsonNode own = schema.path("properties").path(name);
    if (own.isMissingNode()) {
      for (JsonNode form : schema.path("oneOf")) {
        JsonNode found = property(form, name);
        if (!found.isMissingNode()) {
          return found;
        }
      }
    }
    return own;
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new LinkedHashSet<>();
    list.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private static void everywhere(JsonNode node, Consumer<ObjectNode> change) {
    if (node instanceof ObjectNode schema) {
      schema.path("properties").forEach(part -> everywhere(part, change));
      PARTS.forEach(part -> everywhere(schema.path(part), change));
      schema.path("oneOf").forEach(part -> everywhere(part, change));
      everywhere(schema.path("additionalProperties"), change);
      change.accept(schema);
    }
  }
}
