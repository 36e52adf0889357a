package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a tool.
 *
 * @param name the tool
 * @param arguments its arguments, valid against its input schema
 * @param meta the request's {@code _meta}, without what belongs to the transport; may be empty
 * @param context what the tool can know and say of the call
 */
public record ToolCall(String name, ObjectNode arguments, ObjectNode meta, CallContext context) {}
