package dev.longhaul.ops;

import dev.longhaul.job.CurrentTrace;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of traces, which are optional. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Tracer.class)
class TracingConfiguration {

  @Bean
  CurrentTrace longhaulCurrentTrace(
      ObjectProvider<Tracer> tracers, ObjectProvider<Propagator> propagators) {
    Tracer tracer = tracers.getIfAvailable();
    Propagator propagator = propagators.getIfAvailable();
    return tracer == null || propagator == null
        ? CurrentTrace.AS_GIVEN
        : new SpanTrace(tracer, propagator);
  }
}
