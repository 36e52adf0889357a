package dev.longhaul.mcp.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The event with empty data that a stream begins with, so that its client can come back for the
 * rest before any message came (2025-11-25, basic/transports).
 *
 * @param id its id
 * @param retry how long the client is to wait before it opens a lost stream again; null to say
 *     nothing, because it takes a stream that does for broken
 */
public record Priming(String id, @Nullable Duration retry) {}
