package dev.longhaul.catalog;

import dev.longhaul.tool.InvalidParamsException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Validates the params of resources/read, prompts/get, completion/complete and the lists, for all
 * revisions and for jobs: keeps what the method defines and the part of {@code _meta} that handlers
 * may see. All methods throw {@link InvalidParamsException} for invalid params.
 */
public final class MethodParams {
  private static final String RESERVED = "io.modelcontextprotocol/";

  private MethodParams() {}

  /** {@code uri}. */
  public static ObjectNode read(ObjectNode params) {
    ObjectNode clean =
        JsonNodeFactory.instance.objectNode().put("uri", ResourceUri.of(params.path("uri")));
    return withMeta(clean, params);
  }

  /** {@code name} and {@code arguments}, all strings. */
  public static ObjectNode prompt(ObjectNode params) {
    ObjectNode clean = JsonNodeFactory.instance.objectNode();
    clean.put(
        "name", text(params.path("name"), "/name", "params.name must be the name of a prompt."));
    clean.set("arguments", texts(params.get("arguments"), "/arguments"));
    return withMeta(clean, params);
  }

  /** {@code ref}, {@code argument} and, if given, {@code context}. */
  public static ObjectNode complete(ObjectNode params) {
    ObjectNode clean = JsonNodeFactory.instance.objectNode();
    Completion.Reference of = reference(params.path("ref"));
    clean.putObject("ref").put("type", of.kind().wire()).put(of.kind().field(), of.id());
    JsonNode argument = params.path("argument");
    ObjectNode cleanArgument = clean.putObject("argument");
    cleanArgument.put(
        "name",
        text(
            argument.path("name"),
            "/argument/name",
            "params.argument.name must be the name of an argument."));
    if (!argument.path("value").isString()) {
      throw new InvalidParamsException(
          "/argument/value", "params.argument.value must be a string.");
    }
    cleanArgument.put("value", argument.path("value").asString());
    JsonNode context = params.get("context");
    if (context != null) {
      clean
          .putObject("context")
          .set("arguments", texts(context.get("arguments"), "/context/arguments"));
    }
    return withMeta(clean, params);
  }

  /** {@code cursor}, if it is not the first page. */
  public static ObjectNode list(ObjectNode params) {
    ObjectNode clean = JsonNodeFactory.instance.objectNode();
    JsonNode cursor = params.get("cursor");
    if (cursor != null) {
      clean.set("cursor", cursor);
    }
    return withMeta(clean, params);
  }

  /**
   * The part of {@code _meta} that tools and handlers may see: without reserved keys and the
   * progress token.
   */
  public static ObjectNode meta(ObjectNode params) {
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    params
        .path("_meta")
        .properties()
        .forEach(entry -> {
          if (!entry.getKey().startsWith(RESERVED) && !entry.getKey().equals("progressToken")) {
            meta.set(entry.getKey(), entry.getValue());
          }
        });
    return meta;
  }

  /** The prompt or template that a completion request names. */
  public static Completion.Reference reference(JsonNode ref) {
    String type = ref.path("type").stringValue("");
    for (Completion.Kind kind : Completion.Kind.values()) {
      if (kind.wire().equals(type)) {
        return new Completion.Reference(
            kind,
            text(
                ref.path(kind.field()),
                "/ref/" + kind.field(),
                "params.ref." + kind.field() + " must name what is completed."));
      }
    }
    throw new InvalidParamsException(
        "/ref/type", "params.ref.type must be ref/prompt or ref/resource.");
  }

  private static String text(JsonNode value, String path, String otherwise) {
    if (!value.isString() || value.asString().isEmpty()) {
      throw new InvalidParamsException(path, otherwise);
    }
    return value.asString();
  }

  private static ObjectNode texts(@Nullable JsonNode value, String path) {
    if (value == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!value.isObject() || value.valueStream().anyMatch(each -> !each.isString())) {
      throw new InvalidParamsException(
          path, "params" + path.replace('/', '.') + " must be an object of strings.");
    }
    return (ObjectNode) value;
  }

  private static ObjectNode withMeta(ObjectNode clean, ObjectNode params) {
    ObjectNode meta = meta(params);
    if (!meta.isEmpty()) {
      clean.set("_meta", meta);
    }
    return clean;
  }
}
