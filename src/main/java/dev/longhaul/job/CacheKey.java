package dev.longhaul.job;

/**
 * The key of a cached result.
 *
 * @param name the tool, or the resource's URI
 * @param call digest of the call and its scope
 * @param variant digest of everything else that the result depends on, or {@code -}; all variants
 *     of a call are invalidated together
 */
public record CacheKey(String name, String call, String variant) {}
