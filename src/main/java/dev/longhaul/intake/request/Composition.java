package dev.longhaul.intake.request;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Composes the schema of a request from its resource and the resources it refers to. Resolves
 * {@code allOf}, which client generators and models do not handle well, and turns an object with
 * {@code oneOf} beside its properties into one complete object for each form.
 */
final class Composition {
  private static final Map<String, ObjectNode> FILES = new ConcurrentHashMap<>();
  private static final List<String> OF_THE_WHOLE =
      List.of("title", "description", "errorMessage", "examples");

  private final Optional<Map<String, ObjectNode>> components;

  private Composition(Optional<Map<String, ObjectNode>> components) {
    this.components = components;
  }

  /** The schema in one piece, without references. */
  static ObjectNode whole(String file) {
    return new Composition(Optional.empty()).composed(file, json(file));
  }

  /** The schema and those it refers to, by their titles. */
  static Map<String, ObjectNode> components(String file) {
    Map<String, ObjectNode> components = new LinkedHashMap<>();
    var _ = new Composition(Optional.of(components)).component(file);
    return components;
  }

  static ObjectNode json(String file) {
    return FILES.computeIfAbsent(file, Composition::read);
  }

  private static ObjectNode read(String file) {
    try (InputStream in = Composition.class.getResourceAsStream("/schemas/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no schema of a request: " + file);
      }
      return (ObjectNode) JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode composed(String file, JsonNode node) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    if (node.path("$ref").isString()) {
      merge(all, referred(file, node.path("$ref").asString()));
    }
    node.path("allOf").forEach(part -> merge(all, composed(file, part)));
    merge(all, own(file, node));
    boolean closed = node.has("unevaluatedProperties");
    if (!node.has("oneOf")) {
      return closed ? all.put("additionalProperties", false) : all;
    }
    boolean forms = all.path("type").stringValue("").equals("object");
    ObjectNode result = forms ? JsonNodeFactory.instance.objectNode() : all;
    if (forms) {
      OF_THE_WHOLE.stream().filter(all::has).forEach(key -> result.set(key, all.get(key)));
    }
    ArrayNode alternatives = result.putArray("oneOf");
    for (JsonNode form : node.path("oneOf")) {
      ObjectNode one = placed(file, form);
      if (forms) {
        String title = one.path("title").asString("") + all.path("title").asString("");
        ObjectNode base = all.deepCopy();
        base.remove(OF_THE_WHOLE);
        merge(one, base);
        one.put("title", title);
        if (closed) {
          one.put("additionalProperties", false);
        }
      }
      alternatives.add(one);
    }
    return result;
  }

  private ObjectNode own(String file, JsonNode node) {
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    node.properties()
        .forEach(entry -> {
          JsonNode value = entry.getValue();
          switch (entry.getKey()) {
            case "$ref",
                "allOf",
                "oneOf",
                "unevaluatedProperties",
                "$schema",
                "$defs",
                "$comment" -> {}
            case "properties" -> {
              ObjectNode properties = own.putObject("properties");
              value
                  .properties()
                  .forEach(one -> properties.set(one.getKey(), placed(file, one.getValue())));
            }
            case "items" -> own.set("items", placed(file, value));
            default -> own.set(entry.getKey(), value);
          }
        });
    return own;
  }

  /** The schema of a property or item; in OpenAPI another resource stays a reference. */
  private ObjectNode placed(String file, JsonNode node) {
    String reference = node.path("$ref").stringValue("");
    if (components.isPresent() && !reference.isEmpty() && !reference.contains("#")) {
      return reference(component(reference));
    }
    return composed(file, node);
  }

  private ObjectNode referred(String file, String reference) {
    int hash = reference.indexOf('#');
    String other = hash < 0 ? reference : hash == 0 ? file : reference.substring(0, hash);
    return composed(other, json(other).at(hash < 0 ? "" : reference.substring(hash + 1)));
  }

  private String component(String file) {
    String title = json(file).path("title").asString();
    Map<String, ObjectNode> all = components.orElseThrow();
    if (!all.containsKey(title)) {
      all.put(title, JsonNodeFactory.instance.objectNode());
      ObjectNode schema = composed(file, json(file));
      List<JsonNode> forms = new ArrayList<>();
      for (JsonNode form : schema.path("oneOf")) {
        String name = form.path("title").stringValue("");
        if (!name.isEmpty()) {
          all.put(name, (ObjectNode) form);
        }
        forms.add(name.isEmpty() ? form : reference(name));
      }
      if (!forms.isEmpty()) {
        schema.putArray("oneOf").addAll(forms);
      }
      all.put(title, schema);
    }
    return title;
  }

  private static ObjectNode reference(String component) {
    return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + component);
  }

  private static void merge(ObjectNode all, ObjectNode part) {
    part.properties()
        .forEach(entry -> {
          JsonNode before = all.get(entry.getKey());
          switch (entry.getKey()) {
            case "properties", "refused" -> {
              ObjectNode both = JsonNodeFactory.instance.objectNode();
              copy(before, both);
              copy(entry.getValue(), both);
              all.set(entry.getKey(), both);
            }
            case "required" -> {
              ArrayNode both = JsonNodeFactory.instance.arrayNode();
              add(before, both);
              add(entry.getValue(), both);
              all.set("required", both);
            }
            default -> all.set(entry.getKey(), entry.getValue());
          }
        });
  }

  private static void copy(@Nullable JsonNode from, ObjectNode to) {
    if (from instanceof ObjectNode object) {
      to.setAll(object);
    }
  }

  private static void add(@Nullable JsonNode from, ArrayNode to) {
    if (from != null) {
      for (JsonNode name : from) {
        if (to.valueStream().noneMatch(name::equals)) {
          to.add(name);
        }
      }
    }
  }
}
