package dev.longhaul.job;

import org.jspecify.annotations.Nullable;

/**
 * A log message of a tool for its client (MCP's notifications/message).
 *
 * @param level a level of MCP's logging utility, such as {@code info}
 * @param logger the name of the logger, or null
 * @param data any JSON value, as text
 */
public record JobLog(String level, @Nullable String logger, String data) {}
