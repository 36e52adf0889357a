package dev.longhaul.ops;

import dev.longhaul.catalog.DelegatedTokens;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.events.EventThread;
import dev.longhaul.intake.CallCache;
import dev.longhaul.intake.QueueControl;
import dev.longhaul.intake.cache.ResultCache;
import dev.longhaul.job.Role;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.ops.health.HealthProperties;
import dev.longhaul.ops.health.InstallationHealth;
import dev.longhaul.ops.production.ProductionCheckConfiguration;
import dev.longhaul.ops.statistics.Statistics;
import dev.longhaul.ops.statistics.StatisticsConfiguration;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.thread.Supervised;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import dev.longhaul.worker.Worker;
import dev.longhaul.worker.WorkerProperties;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/** The beans for health and metrics. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  MetricsProperties.class,
  HealthProperties.class,
  SlowOperationProperties.class
})
@Import({
  LocalServerConfiguration.class,
  StatisticsConfiguration.class,
  ProductionCheckConfiguration.class,
  TracingConfiguration.class
})
public class OpsConfiguration {

  @Bean
  DepthReader longhaulDepthReader(JobQueue queue, Clock clock) {
    return new DepthReader(queue, clock);
  }

  @Bean
  LeftoversEndpoint longhaulLeftoversEndpoint(QueueAdmin queues) {
    return new LeftoversEndpoint(queues);
  }

  @Bean
  InstallationHealth longhaulInstallationHealth(
      DepthReader depths, Statistics statistics, HealthProperties properties, Clock clock) {
    return new InstallationHealth(depths::read, statistics::lastHour, properties, clock);
  }

  // The bean's name is the name of the component in /actuator/health.
  @Bean
  @ConditionalOnEnabledHealthIndicator("queue")
  HealthIndicator queueHealthIndicator(
      DepthReader depths,
      ObjectProvider<Worker> worker,
      InstallationHealth installation,
      HealthProperties properties) {
    return new TimedHealth(
        new QueueHealth(depths, worker, installation, properties.thresholdsInActuator()));
  }

  // A host application's other components are not changed.
  @Bean
  @ConditionalOnBooleanProperty("longhaul.standalone")
  static TimedHealths longhaulTimedHealths() {
    return new TimedHealths();
  }

  @Bean
  @ConditionalOnBooleanProperty("longhaul.standalone")
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  UnknownHealth longhaulUnknownHealth(Environment environment) {
    return new UnknownHealth(
        environment.getProperty("management.endpoints.web.base-path", "/actuator") + "/health/");
  }

  @Bean
  @ConditionalOnBooleanProperty("longhaul.standalone")
  @ConditionalOnExpression(Role.IF_FRONT_DOORS)
  ReadyMessage longhaulReadyMessage(Environment environment) {
    return new ReadyMessage(environment);
  }

  // Not in the package of the built-in tools, which does not use the queue.
  @Bean
  @ConditionalOnBooleanProperty("longhaul.builtin.enabled")
  ConcurrencyTool longhaulConcurrencyTool(
      RegisteredTools tools,
      ToolPolicies policies,
      QueueControl queues,
      DepthReader depths,
      ObjectProvider<Worker> worker,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new ConcurrencyTool(tools, policies, queues, depths, worker, json);
  }

  @Bean
  DelegatedTokenEnds longhaulDelegatedTokenEnds(DelegatedTokens tokens, ToolCatalogue tools) {
    return new DelegatedTokenEnds(tokens, tools);
  }

  @Bean
  JobResultCaching longhaulJobResultCaching(CallCache cache) {
    return new JobResultCaching(cache);
  }

  @Configuration(proxyBeanMethods = false)
  static class Metrics {

    // A meter registry is there only when metrics are switched on.
    @Bean
    JobMetrics longhaulJobMetrics(ObjectProvider<MeterRegistry> registries) {
      MeterRegistry registry = registries.getIfAvailable();
      return new JobMetrics(registry == null ? new CompositeMeterRegistry() : registry);
    }

    @Bean
    BoundedNames longhaulMetricNames(MetricsProperties properties) {
      return new BoundedNames(properties.maxNames());
    }

    // Before Micrometer's own: of these handlers the first that supports a context is used.
    @Bean
    @Order(0)
    OperationMeters longhaulOperationMeters(
        ObjectProvider<MeterRegistry> registries, BoundedNames names) {
      return new OperationMeters(registries.getIfAvailable(CompositeMeterRegistry::new), names);
    }

    @Bean
    @Order(0)
    McpMeters longhaulMcpMeters(ObjectProvider<MeterRegistry> registries, BoundedNames names) {
      return new McpMeters(registries.getIfAvailable(CompositeMeterRegistry::new), names);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "longhaul.slow-operations.enabled", matchIfMissing = true)
    SlowOperationHandler longhaulSlowOperationHandler(ObjectProvider<SlowOperations> operations) {
      return new SlowOperationHandler(operations);
    }

    @Bean
    SlowOperations longhaulSlowOperations(
        SlowOperationProperties properties,
        ToolCatalogue tools,
        JobQueue queue,
        ObjectProvider<MeterRegistry> registries,
        BoundedNames names,
        EventThread events) {
      return new SlowOperations(
          properties,
          tools,
          queue::runTime,
          registries.getIfAvailable(CompositeMeterRegistry::new),
          names,
          events::publish,
          System::nanoTime);
    }

    @Bean
    MeterBinder longhaulBackgroundFailures() {
      return registry ->
          FunctionCounter.builder(
                  "longhaul.background.failures",
                  Supervised.class,
                  _ -> Supervised.failures().values().stream().mapToDouble(Long::doubleValue).sum())
              .description("Failures of background work, which went on; the log says of which")
              .register(registry);
    }

    @Bean
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnExpression(Role.IF_FRONT_DOORS)
    ClientTimeoutMeters longhaulPatienceMeters(ClientTimeouts timeouts) {
      return new ClientTimeoutMeters(timeouts);
    }

    @Bean
    CacheMeters longhaulCacheMeters(ResultCache cache) {
      return new CacheMeters(cache);
    }

    @Bean
    SmartInitializingSingleton longhaulAskingGauge(
        ObjectProvider<MeterRegistry> registries, ObjectProvider<Worker> workers) {
      return () ->
          workers.ifAvailable(worker ->
              registries.ifAvailable(registry ->
                  Gauge.builder("longhaul.jobs.asking", worker, Worker::askingJobs)
                      .description("Jobs of this process that wait for an answer of their client")
                      .register(registry)));
    }

    // Bound late: the catalogue is filled only when every singleton is built.
    @Bean
    SmartInitializingSingleton longhaulDepthGauges(
        ObjectProvider<MeterRegistry> registries,
        DepthReader depths,
        ToolCatalogue tools,
        Changes changes,
        ObjectProvider<WorkerProperties> worker) {
      return () ->
          registries.ifAvailable(registry -> {
            var gauges = new DepthGauges(depths, () -> queues(tools, worker));
            gauges.bindTo(registry);
            var _ =
                changes.listen(change -> {
                  if (change instanceof Change.Tools) {
                    gauges.addQueues(registry); // tools of upstreams come while the server runs
                  }
                });
          });
    }

    private static Set<String> queues(
        ToolCatalogue tools, ObjectProvider<WorkerProperties> worker) {
      Set<String> queues = new LinkedHashSet<>();
      queues.add(ToolPolicy.DEFAULT_QUEUE);
      worker.ifAvailable(properties -> queues.addAll(properties.queues()));
      tools.all().forEach(tool -> queues.add(tool.policy().queue()));
      return queues;
    }
  }
}
