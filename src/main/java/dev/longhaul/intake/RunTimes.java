package dev.longhaul.intake;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.longhaul.catalog.Tool;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long each tool takes on average. Remembered for a few seconds, so that a page of jobs costs
 * one read a tool and not one a job, and a call none at all.
 */
final class RunTimes {
  private static final Logger log = LoggerFactory.getLogger(RunTimes.class);
  private static final int MANY = 10_000;
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final JobQueue queue;
  private final LoadingCache<String, Optional<Duration>> known;

  RunTimes(JobQueue queue, Clock clock) {
    this.queue = queue;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MANY)
            .refreshAfterWrite(FRESH)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(task -> Threads.virtual("longhaul-run-times", task))
            .build(new InBackground());
  }

  /** The average as it is now, or was a few seconds ago; may have to ask the queue. */
  Optional<Duration> average(String tool) {
    Optional<Duration> last = isFresh(tool) ? known.getIfPresent(tool) : null;
    if (last == null) {
      last = queue.averageTime(tool);
      known.put(tool, last);
    }
    return last;
  }

  private boolean isFresh(String tool) {
    return known
        .policy()
        .refreshAfterWrite()
        .flatMap(refresh -> refresh.ageOf(tool))
        .filter(age -> age.compareTo(FRESH) <= 0)
        .isPresent();
  }

  /**
   * How long a call of the tool takes as far as this process knows: on average, or while there is
   * no history as its policy says. Never waits: what is a few seconds old is read again in the
   * background, for later calls.
   */
  Duration usual(Tool tool) {
    Optional<Duration> last = known.getIfPresent(tool.name());
    if (last == null) {
      var _ = known.refresh(tool.name());
      last = Optional.empty();
    }
    return last.orElse(tool.policy().estimate());
  }

  /** Reads the averages of tools that will be asked for, so that the first call knows them. */
  void prepare(Collection<String> tools) {
    tools.forEach(known::refresh);
  }

  /** The queue has said it. */
  void learned(String tool, Duration average) {
    known.put(tool, Optional.of(average));
  }

  /** What cannot be read now is looked for again when it is as old once more. */
  private final class InBackground implements CacheLoader<String, Optional<Duration>> {
    @Override
    public Optional<Duration> load(String tool) {
      return reload(tool, Optional.empty());
    }

    @Override
    public Optional<Duration> reload(String tool, Optional<Duration> before) {
      try {
        return queue.averageTime(tool);
      } catch (RuntimeException e) {
        log.debug("The average time of {} could not be read", tool, e);
        return before;
      }
    }
  }
}
