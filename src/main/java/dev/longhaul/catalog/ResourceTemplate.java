package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * Many resources of one kind, each at a URI that fits a template.
 *
 * @param description its entry of resources/templates/list: uriTemplate, name, and if it has them
 *     title, description, mimeType, annotations, icons and _meta
 * @param template its {@code uriTemplate}
 * @param handler reads one of them
 */
public record ResourceTemplate(
    ObjectNode description, UriTemplate template, PrimitiveHandler handler) {}
