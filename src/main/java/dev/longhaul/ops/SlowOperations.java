package dev.longhaul.ops;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.longhaul.catalog.OperationContext;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.events.SlowOperation;
import dev.longhaul.ops.statistics.Operation;
import dev.longhaul.queue.JobQueue.RunTime;
import dev.longhaul.thread.Threads;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports runs that took longer than their threshold: as the metric {@code
 * longhaul.slow.operations}, as an event, and in the log, there at most once a minute for each
 * operation.
 */
final class SlowOperations {
  /** How many runs an average must be of, to say what is slow. */
  static final long MIN_RUNS = 10;

  private static final Logger log = LoggerFactory.getLogger(SlowOperations.class);
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final SlowOperationProperties properties;
  private final ToolCatalogue tools;
  private final AsyncLoadingCache<String, Optional<RunTime>> averages;
  private final MeterRegistry registry;
  private final BoundedNames names;
  private final Consumer<SlowOperation> events;
  private final LongSupplier nanos;
  private final Map<String, Logged> logged = new ConcurrentHashMap<>();

  /** When an operation was last logged, and how many slow runs were not since then. */
  private static final class Logged {
    private long at;
    private long skipped;
  }

  /**
   * @param averages reads how long a tool runs; called in a thread that may wait
   * @param events receives each slow run; must not block
   * @param nanos a clock in nanoseconds, such as {@link System#nanoTime}
   */
  SlowOperations(
      SlowOperationProperties properties,
      ToolCatalogue tools,
      Function<String, Optional<RunTime>> averages,
      MeterRegistry registry,
      BoundedNames names,
      Consumer<SlowOperation> events,
      LongSupplier nanos) {
    this.properties = properties;
    this.tools = tools;
    this.averages =
        Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterWrite(FRESH)
            .executor(task -> Threads.virtual("longhaul-averages", task))
            .buildAsync(averages::apply);
    this.registry = registry;
    this.names = names;
    this.events = events;
    this.nanos = nanos;
  }

  /** Reports the run if it was slow. Does not block: an average is read in the background. */
  void ended(OperationContext run) {
    boolean stopped = run.errorType() != null && !run.failed(); // cancelled, or its lease was lost
    if (run.internal() || stopped) {
      return;
    }
    Duration took = Duration.ofNanos(run.durationNanos() - run.pausedNanos());
    Tool tool =
        run.kind() == OperationContext.Kind.TOOL ? tools.runnable(run.name()).orElse(null) : null;
    ToolPolicy policy = tool == null ? null : tool.policy();
    Duration own = policy == null ? null : policy.slowAfter();
    if (own != null) {
      if (!own.isZero()) {
        check(run, took, own);
      }
    } else if (!run.job()) {
      check(run, took, properties.inlineAfter());
    } else if (tool != null && took.compareTo(properties.inlineAfter()) > 0) {
      var _ =
          averages
              .get(run.name())
              .thenAccept(known -> known.ifPresent(average -> check(run, took, average)))
              .exceptionally(e -> {
                log.debug("Whether a run of {} was slow is not known", run.name(), e);
                return null;
              });
    }
  }

  private void check(OperationContext run, Duration took, RunTime average) {
    if (average.runs() >= MIN_RUNS) {
      long nanosOfThreshold = (long) (average.mean().toNanos() * properties.jobFactor());
      check(run, took, max(Duration.ofNanos(nanosOfThreshold), properties.inlineAfter()));
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private void check(OperationContext run, Duration took, Duration threshold) {
    if (took.compareTo(threshold) <= 0) {
      return;
    }
    String operation = Operation.named(run).name();
    String name = names.bounded(operation);
    Counter.builder("longhaul.slow.operations")
        .description("Runs that took longer than their threshold")
        .tag("operation", name)
        .register(registry)
        .increment();
    events.accept(new SlowOperation(operation, run.job(), run.id(), took, threshold));
    warn(name, run, took, threshold);
  }

  private void warn(String operation, OperationContext run, Duration took, Duration threshold) {
    Long skipped = skippedBefore(operation);
    if (skipped != null) {
      log.warn(
          "{} took {} s as {} {}, longer than {} s (see longhaul.tools.<name>.slow-after and"
              + " longhaul.slow-operations); {} slow runs of it were not logged since the last"
              + " such line",
          operation,
          seconds(took),
          run.job() ? "job" : "inline call",
          run.id(),
          seconds(threshold),
          skipped);
    }
  }

  /** How many lines were left out before this one, or null if this one is to be left out, too. */
  private @Nullable Long skippedBefore(String operation) {
    long now = nanos.getAsLong();
    Logged known = logged.get(operation);
    if (known == null) {
      var first = new Logged();
      first.at = now;
      known = logged.putIfAbsent(operation, first);
      if (known == null) {
        return 0L;
      }
    }
    synchronized (known) {
      if (now - known.at < LOG_INTERVAL_NANOS) {
        known.skipped++;
        return null;
      }
      long skipped = known.skipped;
      known.at = now;
      known.skipped = 0;
      return skipped;
    }
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }
}
