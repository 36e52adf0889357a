package dev.longhaul.gateway.catalog;

import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The URI of a resource or template that another has already: the upstream's name stands first. */
final class SharedUri {
  private SharedUri() {}

  /** The URI under which it is served; its scheme is {@code x-<upstream>+<scheme>}. */
  static String of(String upstream, String uri) {
    return "x-" + upstream.toLowerCase(Locale.ROOT).replace('_', '-') + "+" + uri;
  }

  /** Reads by the upstream's own URIs; the contents get those under which they are served. */
  static PrimitiveHandler reader(String upstream, PrimitiveHandler reader) {
    String prefix = of(upstream, "");
    return call -> {
      ObjectNode params = call.params().deepCopy();
      String served = params.path("uri").asString("");
      String own = served.startsWith(prefix) ? served.substring(prefix.length()) : served;
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
