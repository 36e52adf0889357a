package dev.longhaul.mcp.legacy.redis;

import java.time.Duration;

/**
 * What bounds the log of a stream.
 *
 * @param ttl how long it outlives its last use
 * @param messages the most messages kept
 * @param bytes the most bytes kept, but always the newest message
 */
public record EventLogLimits(Duration ttl, int messages, long bytes) {}
