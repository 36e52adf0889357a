package dev.longhaul.job;

import java.time.Duration;

/**
 * A run whose result is to be cached.
 *
 * @param flight equal for calls that may share the run
 * @param token names this run; whoever does not know it can neither end it nor cache a result
 * @param life how long the result may be used
 */
public record CacheRun(CacheKey key, String flight, String token, Duration life) {}
