package dev.longhaul.queue;

import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobQueue.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cached results of calls, and the runs that are making them, for all processes. Every method
 * throws {@link QueueUnavailableException} when the store cannot be reached in time.
 */
public interface CacheStore {

  /**
   * A cached result.
   *
   * @param json the method's result
   * @param age how long ago it was cached
   * @param left how long it may still be used
   * @param job the job that made it, or null if no job did
   */
  record CachedResult(String json, Duration age, Duration left, @Nullable JobId job) {
    /** The same result after some time. */
    public CachedResult older(Duration time) {
      return new CachedResult(json, age.plus(time), left.minus(time), job);
    }
  }

  /** The result of {@link #begin}. */
  sealed interface Begin {
    /** The result is cached. */
    record Hit(CachedResult result) implements Begin {}

    /**
     * A run that makes the result is in progress.
     *
     * @param leads whether this call began the run, so that it must make the result
     */
    record Running(CacheRun run, boolean leads) implements Begin {}

    /** The call must run, and its result will not be cached. */
    record Uncached() implements Begin {}
  }

  /**
   * The invalidation of cached results.
   *
   * @param name the tool or resource; null for all, since messages may have been missed
   * @param call the digest of the call; null for all calls of the name
   */
  record Invalidation(@Nullable String name, @Nullable String call) {
    /** Whether a result under this key is no longer valid. */
    public boolean covers(CacheKey key) {
      return (name == null || name.equals(key.name())) && (call == null || call.equals(key.call()));
    }
  }

  /** The result that is cached under the key. */
  Optional<CachedResult> find(CacheKey key);

  /**
   * Begins the run that makes a result, or joins it, unless the result is cached.
   *
   * @param flight equal for calls that may share the run
   * @param life how long the result may be used
   * @param longest how long the run may take; after that a new one may begin
   * @param anew begin a new run even if a result is cached or a run is in progress; results of
   *     earlier runs are then not cached
   */
  Begin begin(CacheKey key, String flight, Duration life, Duration longest, boolean anew);

  /**
   * Ends a run and caches its result, unless that was invalidated since the run began.
   *
   * @param result as JSON; null if there is none
   * @param job the job that made it, or null if no job did
   * @return whether it is cached
   */
  boolean end(CacheRun run, @Nullable String result, @Nullable JobId job);

  /**
   * Invalidates results in every process, including those of runs in progress.
   *
   * @param remembered for how long no run that began before may cache its result: as long as one
   *     can take
   */
  void invalidate(Invalidation what, Duration remembered);

  /**
   * Calls the listener when a process has invalidated results. It must not block. A message can be
   * lost, so results in memory must also expire.
   */
  Watch onInvalidation(Consumer<Invalidation> listener);
}
