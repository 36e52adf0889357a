package dev.longhaul.queue.redis;

/**
 * Lua that is put behind common.lua in every script of this JVM. Nothing but the support for tests
 * brings such a bean: it moves the time that scripts see.
 *
 * @param lua a chunk that may assign to {@code now} and {@code stamp}
 */
public record ScriptPrelude(String lua) {}
