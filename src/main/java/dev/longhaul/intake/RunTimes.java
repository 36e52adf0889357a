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
 * The average run time of each tool, cached for a few seconds, so that a page of jobs costs one
 * read per tool, and a call none.
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

  /** The average, at most a few seconds old; may read the queue. */
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
   * How long a call of the tool is expected to take: the cached average, or the policy's estimate
   * if there is none. Never blocks: a stale average is refreshed in the background for later calls.
   */
  Duration usual(Tool tool) {
    Optional<Duration> last = known.getIfPresent(tool.id());
    if (last == null) {
      var _ = known.refresh(tool.id());
      last = Optional.empty();
    }
    return last.orElse(tool.policy().estimate());
  }

  /** Reads the averages of these tools in advance, so that they are known at the first call. */
  void prepare(Collection<String> tools) {
    tools.forEach(known::refresh);
  }

  /** Stores an average that the queue has returned. */
  void learned(String tool, Duration average) {
    known.put(tool, Optional.of(average));
  }

  /** Reads averages. If that fails, the old value is used until the next refresh. */
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
