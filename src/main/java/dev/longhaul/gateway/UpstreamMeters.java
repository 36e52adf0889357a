package dev.longhaul.gateway;

import dev.longhaul.gateway.catalog.UpstreamLinks.Phase;
import dev.longhaul.gateway.config.Entry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of the upstreams of this process: {@code longhaul.upstream.up}, {@code
 * longhaul.upstream.calls} and {@code longhaul.upstream.restarts}, each by upstream.
 */
final class UpstreamMeters implements MeterBinder {
  private final Upstreams upstreams;

  UpstreamMeters(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    MultiGauge up =
        MultiGauge.builder("longhaul.upstream.up")
            .description("1 if the upstream is connected or can be when it is needed, else 0")
            .register(registry);
    MultiGauge calls =
        MultiGauge.builder("longhaul.upstream.calls")
            .description("Calls of the upstream that run in this process")
            .register(registry);
    MultiGauge restarts =
        MultiGauge.builder("longhaul.upstream.restarts")
            .description("How often a connection with the upstream was made again")
            .register(registry);
    upstreams.often(() -> {
      List<LocalView> used =
          upstreams.here().stream().filter(view -> view.state() == Entry.State.USED).toList();
      set(up, used, view -> view.phase() == Phase.BACKOFF || fails(view) ? 0 : 1);
      set(calls, used, LocalView::inFlight);
      set(restarts, used, LocalView::restarts);
    });
  }

  private static boolean fails(LocalView view) {
    return view.phase() == Phase.IDLE && view.lastError() != null;
  }

  private static void set(
      MultiGauge gauge, List<LocalView> views, ToDoubleFunction<LocalView> value) {
    gauge.register(
        views.stream()
            .map(view -> Row.of(Tags.of("upstream", view.name()), value.applyAsDouble(view)))
            .toList(),
        true);
  }
}
