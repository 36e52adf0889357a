package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * Something a client can read at a fixed URI.
 *
 * @param description its entry of resources/list: uri, name, and if it has them title, description,
 *     mimeType, size, annotations, icons and _meta
 * @param handler reads it
 */
public record Resource(ObjectNode description, PrimitiveHandler handler) {

  public String uri() {
    return description.path("uri").asString();
  }
}
