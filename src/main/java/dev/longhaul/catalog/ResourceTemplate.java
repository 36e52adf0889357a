package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * Resources whose URIs match a template.
 *
 * @param description its entry in resources/templates/list: uriTemplate, name and optionally title,
 *     description, mimeType, annotations, icons and _meta
 * @param template its {@code uriTemplate}
 * @param handler reads a matching resource
 */
public record ResourceTemplate(
    ObjectNode description, UriTemplate template, PrimitiveHandler handler) {}
