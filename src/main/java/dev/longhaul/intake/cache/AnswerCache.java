package dev.longhaul.intake.cache;

import dev.longhaul.intake.cache.CacheStatistics.Result;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.AnswerStore.Beginning;
import dev.longhaul.queue.AnswerStore.Kept;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Kept answers: in memory, then in Redis. */
final class AnswerCache {
  private final MemoryLevel memory;
  private final SharedLevel shared;
  private final CacheStatistics statistics;

  AnswerCache(MemoryLevel memory, SharedLevel shared, CacheStatistics statistics) {
    this.memory = memory;
    this.shared = shared;
    this.statistics = statistics;
  }

  /**
   * A kept answer.
   *
   * @param level where it was
   */
  record Hit(Kept kept, Result level) {}

  /** The answer, if one is kept. */
  Optional<Hit> find(CachedCall call) {
    Optional<Kept> here = memory.find(call.place());
    if (here.isPresent()) {
      return here.map(kept -> new Hit(kept, Result.MEMORY_HIT));
    }
    long before = memory.forgettings();
    Optional<Kept> there = shared.find(call);
    there.ifPresent(kept -> memory.put(call.place(), kept, before));
    return there.map(kept -> new Hit(kept, Result.REDIS_HIT));
  }

  /** Begins a run, or joins one, or says that an answer is kept by now. */
  Beginning begin(CachedCall call, boolean anew) {
    return shared.begin(call, anew);
  }

  /** Ends a run with its answer. */
  void keep(CachedCall call, String token, String json, @Nullable JobId job) {
    long before = memory.forgettings();
    if (shared.keep(call, token, json, job)) {
      memory.put(call.place(), new Kept(json, Duration.ZERO, call.life(), job), before);
    }
  }

  /** Ends a run without one. */
  void end(CachedCall call, String token) {
    shared.end(call, token);
  }

  void count(CachedCall call, Result result) {
    statistics.count(call.kind(), result);
  }
}
