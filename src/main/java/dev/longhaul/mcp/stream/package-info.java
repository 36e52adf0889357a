/** Responses to clients: one JSON document or a stream of events, with keep-alive. */
@NullMarked
package dev.longhaul.mcp.stream;

import org.jspecify.annotations.NullMarked;
