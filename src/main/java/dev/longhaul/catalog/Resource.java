package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * A resource at a fixed URI.
 *
 * @param description its entry in resources/list: uri, name and optionally title, description,
 *     mimeType, size, annotations, icons and _meta
 * @param handler reads it
 */
public record Resource(ObjectNode description, PrimitiveHandler handler) {

  public String uri() {
    return description.path("uri").asString();
  }
}
