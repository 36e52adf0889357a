package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * Something a tool said for its client's log (MCP's notifications/message).
 *
 * @param level a level of MCP's logging utility, such as {@code info}
 * @param logger who says it, or null
 * @param data any JSON value, as text
 */
public record JobLog(String level, @Nullable String logger, String data) {}
