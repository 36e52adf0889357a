package dev.longhaul.gateway.catalog;

import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The URI of a resource that another one has already: with the upstream's name before it. */
final class SharedUri {
  private SharedUri() {}

  /** The URI under which it is served; its scheme is {@code x-<upstream>+<scheme>}. */
  static String of(String upstream, String uri) {
    return "x-" + upstream.toLowerCase(Locale.ROOT).replace('_', '-') + "+" + uri;
  }

  /** Reads it by its own URI; the contents get the one under which it is served. */
  static PrimitiveHandler reader(String own, String served, PrimitiveHandler reader) {
    return call -> {
      ObjectNode params = call.params().deepCopy();
      ObjectNode result =
          reader.handle(new PrimitiveCall(params.put("uri", own), call.meta(), call.context()));
      for (JsonNode content : result.path("contents")) {
        if (content instanceof ObjectNode object && own.equals(content.path("uri").asString(""))) {
          object.put("uri", served);
        }
      }
      return result;
    };
  }
}
