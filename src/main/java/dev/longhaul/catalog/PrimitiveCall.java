package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * One resources/read, prompts/get or completion/complete.
 *
 * @param params the method's params: {@code uri}; {@code name} and {@code arguments}; or {@code
 *     ref}, {@code argument} and optionally {@code context}
 * @param meta the part of the request's {@code _meta} that handlers may see; may be empty
 * @param context the context of the request, the same as a tool's
 */
public record PrimitiveCall(ObjectNode params, ObjectNode meta, CallContext context) {}
