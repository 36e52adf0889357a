package dev.longhaul.ops;

import dev.longhaul.job.Priority;
import dev.longhaul.queue.QueueDepths;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of the whole queue, the same in every process: {@code longhaul.queue.depth} by queue and
 * priority, {@code longhaul.queue.scheduled}, {@code longhaul.queue.running}, {@code
 * longhaul.queue.held}, {@code longhaul.queue.held.back} and {@code longhaul.queue.oldest.waiting}
 * in seconds.
 */
final class DepthGauges implements MeterBinder {
  private final DepthReader depths;
  private final Supplier<Set<String>> queues;
  private final Set<String> bound = new LinkedHashSet<>();

  /**
   * @param queues the queues of this process's tools and worker as they are now
   */
  DepthGauges(DepthReader depths, Supplier<Set<String>> queues) {
    this.depths = depths;
    this.queues = queues;
  }

  /** Adds the gauges of queues that have none yet. */
  synchronized void addQueues(MeterRegistry registry) {
    for (String queue : queues.get()) {
      if (!bound.add(queue)) {
        continue;
      }
      for (int band = 0; band < Priority.BANDS; band++) {
        int own = band;
        Gauge.builder(
                "longhaul.queue.depth",
                depths,
                reader -> value(reader, d -> waiting(d, queue, own)))
            .description("Jobs that wait for a worker")
            .tag("queue", queue)
            .tag("priority", Priority.bandName(band))
            .register(registry);
      }
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    addQueues(registry);
    gauge(
        registry, "longhaul.queue.scheduled", "Jobs that wait for their time", d -> d.scheduled());
    gauge(registry, "longhaul.queue.running", "Jobs under a worker's lease", d -> d.running());
    gauge(registry, "longhaul.queue.held", "Jobs that wait to be started", d -> d.held());
    gauge(
        registry,
        "longhaul.queue.held.back",
        "Jobs that wait because of a limit, an open circuit breaker or a paused queue",
        d -> d.heldBack());
    Gauge.builder(
            "longhaul.queue.oldest.waiting",
            depths,
            reader -> value(reader, d -> d.oldestWaiting().toMillis() / 1000.0))
        .description("How long the job that has waited longest has waited")
        .baseUnit("seconds")
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<QueueDepths> read) {
    Gauge.builder(name, depths, reader -> value(reader, read))
        .description(description)
        .register(registry);
  }

  private static double value(DepthReader reader, ToDoubleFunction<QueueDepths> read) {
    return reader.readIfPossible().map(read::applyAsDouble).orElse(Double.NaN);
  }

  private static double waiting(QueueDepths depths, String queue, int band) {
    List<Long> bands = depths.waiting().getOrDefault(queue, new ArrayList<>());
    return band < bands.size() ? bands.get(band) : 0;
  }
}
