package dev.longhaul.job;

/**
 * Under what the result of a call is cached.
 *
 * @param name what was called: a tool, or a resource's URI
 * @param call digest of the call and of whoever may have its result
 * @param variant digest of what else the result can depend on, or {@code -}; all variants of a call
 *     are invalidated together
 */
public record CacheKey(String name, String call, String variant) {}
