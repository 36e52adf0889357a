package dev.longhaul.ops;

import dev.longhaul.job.CurrentTrace;
import dev.longhaul.job.TraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;

/** The trace context of the current span, with the baggage that the client sent. */
final class SpanTrace implements CurrentTrace {
  private final Tracer tracer;
  private final Propagator propagator;

  SpanTrace(Tracer tracer, Propagator propagator) {
    this.tracer = tracer;
    this.propagator = propagator;
  }

  @Override
  public Map<String, String> of(Map<String, String> given) {
    Span span = tracer.currentSpan();
    if (span == null) {
      return given;
    }
    Map<String, String> fields = new HashMap<>(given);
    fields.remove("tracestate");
    propagator.inject(span.context(), fields, (_, name, value) -> fields.put(name, value));
    return TraceContext.of(fields::get);
  }
}
