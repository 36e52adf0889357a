package dev.longhaul.queue.redis.check;

/**
 * Why a Redis is not suitable for the queue.
 *
 * @param description what is wrong, as a sentence
 * @param action what the operator can do about it, as a sentence
 */
public record RedisProblem(String description, String action) {}
