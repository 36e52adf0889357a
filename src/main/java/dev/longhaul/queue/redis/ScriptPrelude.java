package dev.longhaul.queue.redis;

/**
 * Lua code that is added after common.lua in every script of this JVM. Only the test support has
 * such a bean, which shifts the time that scripts use.
 *
 * @param lua a chunk that may assign to {@code now} and {@code stamp}
 */
public record ScriptPrelude(String lua) {}
