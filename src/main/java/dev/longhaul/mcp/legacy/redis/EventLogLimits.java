package dev.longhaul.mcp.legacy.redis;

import java.time.Duration;

/**
 * The limits of a stream's log.
 *
 * @param ttl its time to live since its last use
 * @param messages the most messages kept
 * @param bytes the most bytes kept; the newest message is kept in any case
 */
public record EventLogLimits(Duration ttl, int messages, long bytes) {}
