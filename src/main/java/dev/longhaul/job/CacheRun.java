package dev.longhaul.job;

import java.time.Duration;

/**
 * A run whose result is to be cached.
 *
 * @param flight equal for calls that may share the run
 * @param token the run's token, without which the run cannot be ended and its result not be cached
 * @param life how long the result may be used
 */
public record CacheRun(CacheKey key, String flight, String token, Duration life) {}
