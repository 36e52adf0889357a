package dev.longhaul.catalog;

import dev.longhaul.catalog.springai.AnnotatedMethodCheck;
import dev.longhaul.catalog.springai.SpringAiPrimitives;
import dev.longhaul.catalog.springai.SpringAiTools;
import dev.longhaul.catalog.springai.ToolPackages;
import dev.longhaul.catalog.springai.UnservedSpecifications;
import dev.longhaul.job.CurrentTrace;
import dev.longhaul.redis.Channels;
import dev.longhaul.thread.ClockConfiguration;
import dev.longhaul.tool.Changes;
import io.micrometer.observation.ObservationRegistry;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import java.time.Duration;
import java.util.List;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration.ServerMcpAnnotatedBeans;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.databind.json.JsonMapper;

/** The beans of the catalogue: tools, resources, prompts and completions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SettingsProperties.class)
@Import(ClockConfiguration.class)
public class CatalogConfiguration {

  @Bean
  @ConditionalOnMissingBean(Changes.class)
  RedisChanges longhaulChanges(
      ObjectProvider<Channels> channels, @Value("${longhaul.namespace:default}") String namespace) {
    return new RedisChanges(channels, namespace);
  }

  @Bean
  SubscribedResources longhaulSubscribedResources() {
    return new SubscribedResources();
  }

  @Bean
  static ToolPackages longhaulToolPackages(Environment environment) {
    return new ToolPackages(environment);
  }

  @Bean
  static AnnotatedMethodCheck longhaulAnnotatedMethodCheck() {
    return new AnnotatedMethodCheck();
  }

  @Bean
  RegisteredTools longhaulTools() {
    return new RegisteredTools();
  }

  /** What everything but the registration of tools uses. */
  @Bean
  @Primary
  ToolCatalogue longhaulToolCatalogue(
      RegisteredTools own, ObjectProvider<CatalogueSource> sources) {
    return new JoinedTools(
        own,
        SingletonSupplier.of(() -> sources.orderedStream().map(CatalogueSource::tools).toList()));
  }

  @Bean
  ToolPolicies longhaulToolPolicies(Environment environment) {
    return new ToolPolicies(environment);
  }

  @Bean
  OnStart longhaulUnknownSettings(
      Environment environment,
      RegisteredTools tools,
      SettingsProperties settings,
      ObjectProvider<CatalogueSource> others) {
    return OnStart.check(
        new UnknownSettingsCheck(
                environment,
                tools,
                settings.known(),
                () -> others.stream().anyMatch(CatalogueSource::mayHaveMore))
            ::check);
  }

  @Bean
  ToolRunner longhaulToolRunner(
      @Qualifier("mcpServerJsonMapper") JsonMapper json,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<CurrentTrace> trace,
      Primitives primitives) {
    return new ToolRunner(
        json,
        observations.getIfAvailable(() -> ObservationRegistry.NOOP),
        new OperationNames(primitives),
        trace.getIfAvailable(() -> CurrentTrace.AS_GIVEN));
  }

  @Bean
  SpringAiTools longhaulSpringAiTools(
      ObjectProvider<ServerMcpAnnotatedBeans> annotated,
      ObjectProvider<List<SyncToolSpecification>> specifications,
      RegisteredTools tools,
      ToolPolicies policies,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new SpringAiTools(annotated, specifications, tools, policies, json);
  }

  @Bean
  RegisteredPrimitives longhaulPrimitives() {
    return new RegisteredPrimitives();
  }

  @Bean
  @Primary
  Primitives longhaulJoinedPrimitives(
      RegisteredPrimitives own, ObjectProvider<CatalogueSource> sources) {
    return new JoinedPrimitives(
        own,
        SingletonSupplier.of(
            () -> sources.orderedStream().map(CatalogueSource::primitives).toList()));
  }

  /** For jobs. Reads the settings of the MCP endpoint, which may not exist in this process. */
  @Bean
  ServedMethods longhaulServedMethods(
      ToolCatalogue tools, Primitives primitives, Environment environment) {
    Binder settings = Binder.get(environment);
    return new ServedMethods(
        tools,
        primitives,
        settings
            .bind("longhaul.mcp.primitive-timeout", Duration.class)
            .orElse(Duration.ofMinutes(1)),
        settings.bind("longhaul.mcp.page-size", Integer.class).orElse(100));
  }

  @Bean
  SpringAiPrimitives longhaulSpringAiPrimitives(
      ObjectProvider<ServerMcpAnnotatedBeans> annotated,
      ApplicationContext context,
      RegisteredPrimitives primitives,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new SpringAiPrimitives(annotated, context, primitives, json);
  }

  @Bean
  UnservedSpecifications longhaulUnservedSpecifications(ConfigurableApplicationContext context) {
    return new UnservedSpecifications(context);
  }
}
