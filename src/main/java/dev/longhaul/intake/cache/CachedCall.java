package dev.longhaul.intake.cache;

import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.queue.AnswerStore.Place;
import java.time.Duration;

/**
 * A call whose answer may be kept.
 *
 * @param kind what is called
 * @param place where the answer is kept
 * @param run who may share the run that makes it: the same owner with the same options
 * @param life how long the answer may be given
 * @param longest how long making it can take, waiting included
 */
record CachedCall(Kind kind, Place place, String run, Duration life, Duration longest) {}
