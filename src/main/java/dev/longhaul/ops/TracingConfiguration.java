package dev.longhaul.ops;

import dev.longhaul.job.CurrentTrace;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
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

  /** In place of Spring Boot's, which writes ids into logs under other names than ECS. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(Slf4JEventListener.class)
  @ConditionalOnBooleanProperty("longhaul.standalone")
  static class Logged {
    @Bean
    Slf4JEventListener longhaulLoggedSpans() {
      return new Slf4JEventListener("trace.id", "span.id");
    }
  }
}
