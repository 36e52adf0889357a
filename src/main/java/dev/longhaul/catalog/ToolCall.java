package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a tool.
 *
 * @param name the tool
 * @param arguments its arguments, valid against its input schema
 * @param meta the part of the request's {@code _meta} that tools may see; may be empty
 * @param context the context of the call
 */
public record ToolCall(String name, ObjectNode arguments, ObjectNode meta, CallContext context) {}
