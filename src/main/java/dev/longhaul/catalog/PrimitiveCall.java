package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * One request for something that is served beside tools.
 *
 * @param params the method's params: {@code uri}; {@code name} and {@code arguments}; or {@code
 *     ref}, {@code argument} and perhaps {@code context}
 * @param meta the request's {@code _meta}, without what belongs to the transport; may be empty
 * @param context what the handler can know and say of the request, the same as a tool's
 */
public record PrimitiveCall(ObjectNode params, ObjectNode meta, CallContext context) {}
