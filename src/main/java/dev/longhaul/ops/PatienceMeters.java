package dev.longhaul.ops;

import dev.longhaul.mcp.patience.Patience;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * What this process learnt of its clients' patience: {@code longhaul.clients.leaves}, {@code
 * longhaul.clients.limits.learnt} and {@code longhaul.clients.handed.over.early}. Client names are
 * no tags: callers choose them.
 */
final class PatienceMeters implements MeterBinder {
  private final Patience patience;

  PatienceMeters(Patience patience) {
    this.patience = patience;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(
        registry,
        "longhaul.clients.leaves",
        "Held calls that their client left without the answer, at least 4 s in",
        Patience::leaves);
    counter(
        registry,
        "longhaul.clients.limits.learnt",
        "Limits of clients that were learnt from such calls",
        Patience::limitsLearnt);
    counter(
        registry,
        "longhaul.clients.handed.over.early",
        "Calls handed over before the general hold, because their client would have given up",
        Patience::handedOverEarly);
  }

  private void counter(
      MeterRegistry registry, String name, String what, ToDoubleFunction<Patience> value) {
    FunctionCounter.builder(name, patience, value).description(what).register(registry);
  }
}
