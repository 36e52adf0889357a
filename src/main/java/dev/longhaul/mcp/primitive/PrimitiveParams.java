package dev.longhaul.mcp.primitive;

import dev.longhaul.mcp.ToolCallParams;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Completion;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the params of resources/read, prompts/get and completion/complete, the same on all
 * revisions: what the method defines, and that part of {@code _meta} that is the author's business.
 */
public final class PrimitiveParams {
  private PrimitiveParams() {}

  /** {@code uri}. */
  public static ObjectNode read(ObjectNode params) {
    ObjectNode clean = Replies.object().put("uri", ResourceUri.of(params.path("uri")));
    return withMeta(clean, params);
  }

  /** {@code name} and {@code arguments}, texts all. */
  public static ObjectNode prompt(ObjectNode params) {
    ObjectNode clean = Replies.object();
    clean.put("name", text(params.path("name"), "params.name must be the name of a prompt."));
    clean.set("arguments", texts(params.get("arguments"), "params.arguments"));
    return withMeta(clean, params);
  }

  /** {@code ref}, {@code argument} and, if given, {@code context}. */
  public static ObjectNode complete(ObjectNode params) {
    ObjectNode clean = Replies.object();
    Completion.Reference of = reference(params.path("ref"));
    clean.putObject("ref").put("type", of.kind().wire()).put(of.kind().field(), of.id());
    JsonNode argument = params.path("argument");
    ObjectNode cleanArgument = clean.putObject("argument");
    cleanArgument.put(
        "name",
        text(argument.path("name"), "params.argument.name must be the name of an argument."));
    if (!argument.path("value").isString()) {
      throw RpcException.invalidParams("params.argument.value must be a string.");
    }
    cleanArgument.put("value", argument.path("value").asString());
    JsonNode context = params.get("context");
    if (context != null) {
      clean
          .putObject("context")
          .set("arguments", texts(context.get("arguments"), "params.context.arguments"));
    }
    return withMeta(clean, params);
  }

  /** What a completion is asked for. */
  static Completion.Reference reference(JsonNode ref) {
    String type = ref.path("type").stringValue("");
    for (Completion.Kind kind : Completion.Kind.values()) {
      if (kind.wire().equals(type)) {
        return new Completion.Reference(
            kind,
            text(
                ref.path(kind.field()),
                "params.ref." + kind.field() + " must name what is completed."));
      }
    }
    throw RpcException.invalidParams("params.ref.type must be ref/prompt or ref/resource.");
  }

  private static String text(JsonNode value, String otherwise) {
    if (!value.isString() || value.asString().isEmpty()) {
      throw RpcException.invalidParams(otherwise);
    }
    return value.asString();
  }

  private static ObjectNode texts(@Nullable JsonNode value, String where) {
    if (value == null) {
      return Replies.object();
    }
    if (!value.isObject() || value.valueStream().anyMatch(each -> !each.isString())) {
      throw RpcException.invalidParams(where + " must be an object of strings.");
    }
    return (ObjectNode) value;
  }

  private static ObjectNode withMeta(ObjectNode clean, ObjectNode params) {
    ObjectNode meta = ToolCallParams.meta(params);
    if (!meta.isEmpty()) {
      clean.set("_meta", meta);
    }
    return clean;
  }
}
