package dev.longhaul.mcp.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The event with empty data that a stream begins with: it gives the client an id to resume from
 * before any message was sent (2025-11-25, basic/transports).
 *
 * @param id its id
 * @param retry how long the client waits before it reopens a lost stream; null to omit the field,
 *     for clients that treat a stream with it as broken
 */
public record Priming(String id, @Nullable Duration retry) {}
