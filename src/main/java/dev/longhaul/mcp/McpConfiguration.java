package dev.longhaul.mcp;

import dev.longhaul.catalog.PageCache;
import dev.longhaul.catalog.Primitives;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ServedPrimitives;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.Intake;
import dev.longhaul.job.LocalJobs;
import dev.longhaul.job.RestPath;
import dev.longhaul.job.Role;
import dev.longhaul.load.InFlightProperties;
import dev.longhaul.mcp.delivery.ApiProcesses;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.DeliveryChoice;
import dev.longhaul.mcp.delivery.DrainNotice;
import dev.longhaul.mcp.delivery.HandOver;
import dev.longhaul.mcp.delivery.OpenCalls;
import dev.longhaul.mcp.delivery.PollIntervals;
import dev.longhaul.mcp.delivery.RepeatedCalls;
import dev.longhaul.mcp.delivery.ResultTruncation;
import dev.longhaul.mcp.delivery.TaskView;
import dev.longhaul.mcp.legacy.LegacyConfiguration;
import dev.longhaul.mcp.legacy.SseTransport;
import dev.longhaul.mcp.modern.ModernConfiguration;
import dev.longhaul.mcp.modern.StateStore;
import dev.longhaul.mcp.observation.McpObservations;
import dev.longhaul.mcp.operation.OperationTools;
import dev.longhaul.mcp.primitive.JobResources;
import dev.longhaul.mcp.primitive.PrimitiveCalls;
import dev.longhaul.mcp.redis.RedisClientTimeouts;
import dev.longhaul.mcp.redis.RedisStateStore;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.stream.ManyStreamsProtocol;
import dev.longhaul.mcp.timeout.ClientNames;
import dev.longhaul.mcp.timeout.ClientTimeoutStore;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.mcp.timeout.KnownClients;
import dev.longhaul.mcp.tools.ServedTools;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.mcp.wire.ServerIdentity;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.thread.CoarseTimer;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the MCP endpoint, unless the role is worker. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnExpression(Role.IF_FRONT_DOORS)
@EnableConfigurationProperties(McpProperties.class)
@Import({
  DrainNotice.class,
  Endpoint.class,
  LegacyConfiguration.class,
  ModernConfiguration.class,
  OperationTools.class,
  ToolCalls.class
})
public class McpConfiguration {

  /** Settings of the web server, only where Longhaul is the application and not a library. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(TomcatServletWebServerFactory.class)
  @ConditionalOnBooleanProperty("longhaul.standalone")
  static class ManyStreams {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> longhaulManyStreams() {
      return factory -> factory.setProtocol(ManyStreamsProtocol.class.getName());
    }
  }

  @Bean
  OpenCalls longhaulMcpOpenCalls(ObjectProvider<LocalJobs> local) {
    return new OpenCalls(() -> local.getIfAvailable(() -> LocalJobs.NONE));
  }

  @Bean
  ClientTimeouts longhaulMcpClientTimeouts(
      RedisConnections redis, KeyTags tags, McpProperties properties, Clock clock) {
    return new ClientTimeouts(
        properties.hold(),
        new ClientNames<>(ofClients(properties, McpProperties.Client::hold)),
        KnownClients.limits(),
        properties.learnPatience()
            ? new RedisClientTimeouts(redis, tags, clock)
            : ClientTimeoutStore.NONE,
        clock);
  }

  @Bean
  RepeatedCalls longhaulMcpRepeatedCalls(
      Intake intake,
      HeldCalls calls,
      ApiProcesses processes,
      ClientTimeouts timeouts,
      McpProperties properties,
      CoarseTimer timer,
      Clock clock) {
    return new RepeatedCalls(
        intake,
        calls,
        processes,
        timeouts,
        new RepeatedCalls.Settings(properties.joinWindow(), properties.leaveGrace()),
        timer,
        clock);
  }

  @Bean(destroyMethod = "close")
  KeepAlive longhaulMcpKeepAlive(McpProperties properties, CoarseTimer timer) {
    return new KeepAlive(properties.keepAlive(), timer);
  }

  @Bean
  ServerIdentity longhaulMcpIdentity(ObjectProvider<BuildProperties> build) {
    return ServerIdentity.longhaul(version(build.getIfAvailable()));
  }

  @Bean
  StateStore longhaulMcpStateStore(RedisConnections redis, KeyTags tags) {
    return new RedisStateStore(redis, tags);
  }

  @Bean
  PollIntervals longhaulMcpPollIntervals(ToolCatalogue catalogue, McpProperties properties) {
    return new PollIntervals(catalogue, properties.pollInterval());
  }

  @Bean
  ResultTruncation longhaulMcpResultTruncation(McpProperties properties) {
    return new ResultTruncation(properties.maxResultSize().toBytes());
  }

  @Bean
  Deliverer longhaulMcpDeliverer(
      Intake intake,
      ClientTimeouts timeouts,
      RepeatedCalls repeatedCalls,
      OpenCalls openCalls,
      TaskView tasks,
      ResultTruncation truncation,
      McpProperties properties) {
    return new Deliverer(
        intake,
        new DeliveryChoice(properties.grace(), properties.taskTtl()),
        timeouts,
        repeatedCalls,
        openCalls,
        tasks,
        truncation,
        new HandOver(ofClients(properties, McpProperties.Client::wording)),
        properties.quiet());
  }

  @Bean
  ServedTools longhaulMcpTools(
      ToolCatalogue catalogue, OperationTools operations, McpProperties properties) {
    return new ServedTools(catalogue, operations, properties.pageSize());
  }

  @Bean
  McpObservations longhaulMcpObservations(
      ObjectProvider<ObservationRegistry> observations, ServedTools tools, Primitives primitives) {
    return new McpObservations(
        observations.getIfAvailable(() -> ObservationRegistry.NOOP), tools, primitives);
  }

  @Bean
  ServedPrimitives longhaulMcpPrimitives(
      Primitives primitives, ObjectProvider<PageCache> lists, McpProperties properties) {
    return new ServedPrimitives(
        primitives,
        JobResources.descriptions(),
        properties.pageSize(),
        lists.getIfAvailable(() -> PageCache.NONE));
  }

  @Bean
  PrimitiveCalls longhaulMcpPrimitiveCalls(
      ToolCatalogue catalogue,
      Primitives primitives,
      Intake intake,
      Deliverer deliverer,
      McpProperties properties) {
    return new PrimitiveCalls(
        new ServedMethods(
            catalogue, primitives, properties.primitiveTimeout(), properties.pageSize()),
        intake,
        deliverer,
        properties.primitiveTimeout(),
        properties.resourceTtl(),
        properties.completions());
  }

  @Bean
  HttpExchanges longhaulMcpExchanges(
      CallerResolver callers,
      McpProperties properties,
      @Value(RestPath.CONFIGURED) String restPath) {
    return new HttpExchanges(callers, properties, restPath);
  }

  @Bean
  ServletRegistrationBean<McpServlet> longhaulMcpServlet(
      Endpoint endpoint,
      HttpExchanges exchanges,
      KeepAlive keepAlive,
      McpProperties properties,
      InFlightProperties inFlight) {
    var registration =
        new ServletRegistrationBean<>(
            new McpServlet(endpoint, exchanges, keepAlive, inFlight.writeTimeout()),
            properties.path());
    registration.setName("longhaulMcp");
    registration.setAsyncSupported(true);
    return registration;
  }

  /** The transport of 2024-11-05, with its own paths. */
  @Bean
  @ConditionalOnProperty(name = "longhaul.mcp.sse.enabled", matchIfMissing = true)
  ServletRegistrationBean<SseServlet> longhaulMcpSseServlet(
      SseTransport transport,
      HttpExchanges exchanges,
      KeepAlive keepAlive,
      McpProperties properties) {
    String stream = properties.sse().path();
    String messages = properties.sse().messagePath();
    var registration =
        new ServletRegistrationBean<>(
            new SseServlet(transport, exchanges, keepAlive, stream, messages), stream, messages);
    registration.setName("longhaulMcpSse");
    registration.setAsyncSupported(true);
    return registration;
  }

  /** One setting of the clients that have it, by client name. */
  private static <T> Map<String, T> ofClients(
      McpProperties properties, Function<McpProperties.Client, @Nullable T> setting) {
    Map<String, T> found = new HashMap<>();
    properties
        .clients()
        .forEach((name, client) -> {
          T value = setting.apply(client);
          if (value != null) {
            found.put(name, value);
          }
        });
    return found;
  }

  private static String version(@Nullable BuildProperties build) {
    // As a library the build information is the host application's.
    if (build != null && "longhaul".equals(build.getArtifact()) && build.getVersion() != null) {
      return build.getVersion();
    }
    String version = McpConfiguration.class.getPackage().getImplementationVersion();
    return version == null ? "0.0.0" : version;
  }
}
