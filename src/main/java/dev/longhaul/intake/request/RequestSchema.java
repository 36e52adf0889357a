package dev.longhaul.intake.request;

import dev.longhaul.schema.CompiledSchema;
import dev.longhaul.schema.Pointers;
import dev.longhaul.schema.Violation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of a request, read from a resource in {@code /schemas}: JSON Schema 2020-12 with two
 * additional keywords. {@code errorMessage} replaces the message that follows from the type and the
 * bounds, and {@code refused} gives the reason why a property that is known elsewhere is not
 * allowed here. The {@code title} of a property is its short description for models.
 */
public final class RequestSchema {
  private static final Map<String, RequestSchema> ALL = new ConcurrentHashMap<>();

  private final String file;
  private final ObjectNode whole;
  private final CompiledSchema compiled;
  private final Wording wording;

  private RequestSchema(String file) {
    this.file = file;
    this.whole = Composition.whole(file);
    ObjectNode decided = whole.deepCopy();
    Conditions.decide(decided);
    this.wording = new Wording(decided);
    this.compiled = new CompiledSchema(Views.standard(decided), true);
  }

  /**
   * The schema in a resource.
   *
   * @param file its name, such as {@code job.json}
   */
  public static RequestSchema of(String file) {
    return ALL.computeIfAbsent(file, RequestSchema::new);
  }

  /**
   * Checks a request and binds it. A known name whose value is null is ignored.
   *
   * @param type a record whose components have the names of the schema's properties
   * @param refused creates the exception for the violations
   */
  public <T> T read(
      ObjectNode request, Class<T> type, Function<List<Violation>, RuntimeException> refused) {
    ObjectNode given = (ObjectNode) given(request, whole);
    List<Violation> violations = violations(given);
    if (!violations.isEmpty()) {
      throw refused.apply(violations);
    }
    try {
      return Binding.JSON.treeToValue(given, type);
    } catch (DatabindException e) {
      // A string that matches the schema but has no Java value, such as a leap second.
      throw refused.apply(List.of(unbound(e)));
    }
  }

  private Violation unbound(DatabindException exception) {
    StringBuilder pointer = new StringBuilder();
    JsonNode schema = whole;
    for (JacksonException.Reference step : exception.getPath()) {
      String name = step.getPropertyName();
      pointer.append('/').append(name == null ? step.getIndex() : Pointers.escaped(name));
      schema = name == null ? schema.path("items") : Views.property(schema, name);
    }
    return new Violation(pointer.toString(), Wording.expected(schema, "cannot be read"));
  }

  /** All violations of a request, up to a limit, each with its JSON Pointer. */
  public List<Violation> violations(ObjectNode given) {
    return wording.of(compiled.breaches(given));
  }

  /** Example requests. */
  public List<JsonNode> examples() {
    return Composition.json(file).path("examples").valueStream().toList();
  }

  /** The schema without references. */
  public ObjectNode whole() {
    return whole.deepCopy();
  }

  /**
   * The schema as the input schema of a tool, without references, top-level alternatives and
   * details that a model does not need.
   *
   * @param opaque the titles of schemas within it that are shown only as objects
   */
  public ObjectNode forModels(String... opaque) {
    return Views.forModels(whole, List.of(opaque));
  }

  /** The schema and those it refers to as components of an OpenAPI document, by name. */
  public Map<String, ObjectNode> forOpenApi() {
    Map<String, ObjectNode> components = Composition.components(file);
    components.values().forEach(Views::forOpenApi);
    return components;
  }

  /** The value without known properties that are null. */
  private static JsonNode given(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object && (schema.has("properties") || schema.has("oneOf"))) {
      ObjectNode given = object.objectNode();
      object
          .properties()
          .forEach(entry -> {
            JsonNode property = Views.property(schema, entry.getKey());
            if (!entry.getValue().isNull() || property.isMissingNode()) {
              given.set(entry.getKey(), given(entry.getValue(), property));
            }
          });
      return given;
    }
    if (value instanceof ArrayNode list && schema.path("items").isObject()) {
      ArrayNode given = list.arrayNode();
      list.forEach(item -> given.add(given(item, schema.path("items"))));
      return given;
    }
    return value;
  }
}
