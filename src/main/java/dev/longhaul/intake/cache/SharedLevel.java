package dev.longhaul.intake.cache;

import dev.longhaul.job.JobId;
import dev.longhaul.job.Utf8;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.AnswerStore.Beginning;
import dev.longhaul.queue.AnswerStore.Kept;
import dev.longhaul.queue.QueueUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers in Redis, for calls that can do without: where Redis cannot be had they go on as if
 * nothing were kept, and for a while nobody waits for it again.
 */
final class SharedLevel {
  private static final Logger log = LoggerFactory.getLogger(SharedLevel.class);
  private static final long AWAY_NANOS = Duration.ofSeconds(5).toNanos();

  private final AnswerStore store;
  private final long maxEntry;
  private final LongSupplier nanoTime;
  private final AtomicLong awayUntil;

  SharedLevel(AnswerStore store, long maxEntry, LongSupplier nanoTime) {
    this.store = store;
    this.maxEntry = maxEntry;
    this.nanoTime = nanoTime;
    this.awayUntil = new AtomicLong(nanoTime.getAsLong());
  }

  Optional<Kept> find(CachedCall call) {
    return orElse(() -> store.find(call.place()), Optional.empty());
  }

  /** As {@link AnswerStore#begin}; crowded also where Redis cannot be had. */
  Beginning begin(CachedCall call, boolean anew) {
    return orElse(
        () -> store.begin(call.place(), call.run(), call.longest(), anew), new Beginning.Crowded());
  }

  /** Whether it is kept: not if it is too large, or was forgotten since its run began. */
  boolean keep(CachedCall call, String token, String json, @Nullable JobId job) {
    // Never fewer bytes than characters.
    if (json.length() > maxEntry
        || (json.length() > maxEntry / 3 && Utf8.length(json) > maxEntry)) {
      end(call, token);
      return false;
    }
    return orElse(() -> store.keep(call.place(), call.run(), token, json, job, call.life()), false);
  }

  void end(CachedCall call, String token) {
    var _ =
        orElse(
            () -> {
              store.end(call.place(), call.run(), token);
              return true;
            },
            false);
  }

  private <T> T orElse(Supplier<T> work, T without) {
    if (nanoTime.getAsLong() - awayUntil.get() < 0) {
      return without;
    }
    try {
      return work.get();
    } catch (QueueUnavailableException e) {
      awayUntil.set(nanoTime.getAsLong() + AWAY_NANOS);
      log.warn(
          "Kept answers cannot be had from Redis ({}); calls are made without them, and it is tried"
              + " again in 5 s",
          e.getMessage());
      return without;
    }
  }
}
