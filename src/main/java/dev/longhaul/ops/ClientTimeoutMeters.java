package dev.longhaul.ops;

import dev.longhaul.mcp.timeout.ClientTimeouts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * Meters of the time-outs that this process has learned: {@code longhaul.clients.leaves}, {@code
 * longhaul.clients.limits.learnt} and {@code longhaul.clients.handed.over.early}. Client names are
 * not used as tags, because callers choose them.
 */
final class ClientTimeoutMeters implements MeterBinder {
  private final ClientTimeouts timeouts;

  ClientTimeoutMeters(ClientTimeouts timeouts) {
    this.timeouts = timeouts;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(
        registry,
        "longhaul.clients.leaves",
        "Held calls that their client left without the answer, at least 4 s in",
        ClientTimeouts::leaves);
    counter(
        registry,
        "longhaul.clients.limits.learnt",
        "Limits of clients that were learnt from such calls",
        ClientTimeouts::limitsLearnt);
    counter(
        registry,
        "longhaul.clients.handed.over.early",
        "Calls handed over before the general hold, because their client would have given up",
        ClientTimeouts::handedOverEarly);
  }

  private void counter(
      MeterRegistry registry, String name, String what, ToDoubleFunction<ClientTimeouts> value) {
    FunctionCounter.builder(name, timeouts, value).description(what).register(registry);
  }
}
