package dev.longhaul.mcp;

import dev.longhaul.catalog.PageKeeper;
import dev.longhaul.catalog.Primitives;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ServedPrimitives;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.intake.Intake;
import dev.longhaul.job.LocalJobs;
import dev.longhaul.job.RestPath;
import dev.longhaul.job.Role;
import dev.longhaul.load.CallLimit;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.DeliveryChoice;
import dev.longhaul.mcp.delivery.DrainNotice;
import dev.longhaul.mcp.delivery.HandOver;
import dev.longhaul.mcp.delivery.OpenCalls;
import dev.longhaul.mcp.delivery.PollIntervals;
import dev.longhaul.mcp.delivery.Repetitions;
import dev.longhaul.mcp.delivery.ResultCut;
import dev.longhaul.mcp.delivery.TaskView;
import dev.longhaul.mcp.legacy.Initialize;
import dev.longhaul.mcp.legacy.LegacyDispatcher;
import dev.longhaul.mcp.legacy.LegacyMethods;
import dev.longhaul.mcp.legacy.LegacyPrimitives;
import dev.longhaul.mcp.legacy.LegacyServices;
import dev.longhaul.mcp.legacy.LegacyStreams;
import dev.longhaul.mcp.legacy.SessionStore;
import dev.longhaul.mcp.legacy.SseTransport;
import dev.longhaul.mcp.legacy.redis.EventLogLimits;
import dev.longhaul.mcp.legacy.redis.RedisLegacyStores;
import dev.longhaul.mcp.legacy.redis.RedisSessionStore;
import dev.longhaul.mcp.modern.CallTool;
import dev.longhaul.mcp.modern.ClientInput;
import dev.longhaul.mcp.modern.Discover;
import dev.longhaul.mcp.modern.ListTools;
import dev.longhaul.mcp.modern.Listen;
import dev.longhaul.mcp.modern.ListenStreams;
import dev.longhaul.mcp.modern.ModernDialect;
import dev.longhaul.mcp.modern.ModernDispatcher;
import dev.longhaul.mcp.modern.ModernMethod;
import dev.longhaul.mcp.modern.PrimitiveMethods;
import dev.longhaul.mcp.modern.RequestStates;
import dev.longhaul.mcp.modern.StateKeys;
import dev.longhaul.mcp.modern.TaskMethods;
import dev.longhaul.mcp.operation.OperationTools;
import dev.longhaul.mcp.patience.ClientNames;
import dev.longhaul.mcp.patience.KnownClients;
import dev.longhaul.mcp.patience.Patience;
import dev.longhaul.mcp.patience.PatienceStore;
import dev.longhaul.mcp.primitive.JobResources;
import dev.longhaul.mcp.primitive.PrimitiveCalls;
import dev.longhaul.mcp.redis.RedisPatience;
import dev.longhaul.mcp.redis.RedisStateStore;
import dev.longhaul.mcp.stream.KeepAlive;
import dev.longhaul.mcp.stream.ManyStreamsProtocol;
import dev.longhaul.mcp.tools.ServedTools;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.mcp.wire.ServerIdentity;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.tool.Changes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The MCP front door, unless the role is worker. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnExpression(Role.IF_FRONT_DOORS)
@EnableConfigurationProperties(McpProperties.class)
public class McpConfiguration {

  /** The application's own web server; a host that has Longhaul as a library decides on its own. */
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
  @ConditionalOnMissingBean
  SessionStore longhaulMcpSessions(RedisConnections redis, KeyTags tags, McpProperties properties) {
    return new RedisSessionStore(redis, tags, properties.sessionTtl(), properties.maxSessions());
  }

  @Bean
  OpenCalls longhaulMcpOpenCalls(ObjectProvider<LocalJobs> local) {
    return new OpenCalls(() -> local.getIfAvailable(() -> LocalJobs.NONE));
  }

  @Bean
  DrainNotice longhaulMcpDrainNotice(OpenCalls calls) {
    return new DrainNotice(calls);
  }

  @Bean
  Patience longhaulMcpPatience(
      RedisConnections redis, KeyTags tags, McpProperties properties, Clock clock) {
    return new Patience(
        properties.hold(),
        new ClientNames<>(ofClients(properties, McpProperties.Client::hold)),
        KnownClients.limits(),
        properties.learnPatience() ? new RedisPatience(redis, tags, clock) : PatienceStore.NOTHING,
        clock);
  }

  @Bean
  Repetitions longhaulMcpRepetitions(
      Intake intake,
      HeldCalls calls,
      LegacyServices legacy,
      Patience patience,
      McpProperties properties,
      CoarseTimer timer,
      Clock clock) {
    return new Repetitions(
        intake,
        calls,
        legacy.frontDoors(),
        patience,
        new Repetitions.Settings(properties.joinWindow(), properties.leaveGrace()),
        timer,
        clock);
  }

  @Bean
  ListenStreams longhaulMcpListenStreams(McpProperties properties) {
    return new ListenStreams(properties.listen().maxStreams());
  }

  @Bean(destroyMethod = "close")
  LegacyServices longhaulMcpLegacy(
      RedisConnections redis,
      Channels channels,
      KeyTags tags,
      Intake intake,
      ToolCatalogue catalogue,
      Changes changes,
      McpProperties properties,
      @Value("${longhaul.worker.input-ttl:1h}") Duration inputTtl,
      @Value("${longhaul.security.oauth.issuer:}") String issuer,
      @Value("${longhaul.security.allow-unauthenticated:false}") boolean anyoneMayCall) {
    McpProperties.EventLog log = properties.eventLog();
    return new LegacyServices(
        RedisLegacyStores.of(
            redis,
            channels,
            tags,
            new EventLogLimits(log.ttl(), log.maxMessages(), log.maxSize().toBytes()),
            properties.sessionTtl(),
            inputTtl),
        intake,
        changes,
        log.ttl(),
        properties.sessionTtl(),
        properties.retryAfter(),
        inputTtl,
        properties.taskTtl(),
        new PollIntervals(catalogue, properties.pollInterval()),
        !issuer.isEmpty() || !anyoneMayCall);
  }

  @Bean
  LegacyStreams longhaulMcpLegacyStreams(LegacyServices legacy) {
    return legacy.streams();
  }

  @Bean
  SmartLifecycle longhaulMcpChangeFeed(LegacyServices legacy) {
    return legacy.changeFeed();
  }

  @Bean(destroyMethod = "close")
  KeepAlive longhaulMcpKeepAlive(McpProperties properties, CoarseTimer timer) {
    return new KeepAlive(properties.keepAlive(), timer);
  }

  @Bean
  Endpoint longhaulMcpEndpoint(
      Intake intake,
      ToolCatalogue catalogue,
      Primitives primitives,
      McpProperties properties,
      OpenCalls openCalls,
      SessionStore store,
      Changes changes,
      ListenStreams listenStreams,
      Patience patience,
      Repetitions repetitions,
      RedisConnections redis,
      KeyTags tags,
      Clock clock,
      LegacyServices legacy,
      CallLimit limit,
      ObjectProvider<PageKeeper> lists,
      ObjectProvider<BuildProperties> build) {
    ServerIdentity identity = ServerIdentity.longhaul(version(build.getIfAvailable()));
    RequestStates states =
        new RequestStates(
            new StateKeys(properties.requestStateKeys(), new RedisStateStore(redis, tags)),
            properties.requestStateTtl(),
            clock);
    ModernDialect modern = new ModernDialect(identity, states);
    ResultCut cut = new ResultCut(properties.maxResultSize().toBytes());
    TaskView tasks =
        new TaskView(modern, cut, new PollIntervals(catalogue, properties.pollInterval()));
    Deliverer deliverer =
        new Deliverer(
            intake,
            new DeliveryChoice(properties.grace(), properties.taskTtl()),
            patience,
            repetitions,
            openCalls,
            tasks,
            cut,
            handOver(properties),
            properties.quiet());
    OperationTools operations = new OperationTools(intake, deliverer);
    ServedTools tools = new ServedTools(catalogue, operations, properties.pageSize());
    ToolCalls calls = new ToolCalls(operations, deliverer);

    List<ModernMethod> methods = new ArrayList<>();
    Discover discover = new Discover(identity, modern, properties.listTtl());
    methods.add(discover);
    methods.add(new ListTools(tools, modern, properties.listTtl()));
    ClientInput input = new ClientInput(states);
    methods.add(new CallTool(calls, modern, input));
    TaskMethods taskMethods = new TaskMethods(intake, tasks, modern);
    methods.addAll(taskMethods.all());
    ServedPrimitives served =
        new ServedPrimitives(
            primitives,
            JobResources.descriptions(),
            properties.pageSize(),
            lists.getIfAvailable(() -> PageKeeper.NONE));
    PrimitiveCalls primitiveCalls =
        new PrimitiveCalls(
            new ServedMethods(
                catalogue, primitives, properties.primitiveTimeout(), properties.pageSize()),
            intake,
            deliverer,
            properties.primitiveTimeout(),
            properties.resourceTtl(),
            properties.completions());
    methods.addAll(
        new PrimitiveMethods(served, primitiveCalls, modern, input, properties.listTtl()).all());
    methods.add(
        new Listen(
            intake,
            changes,
            listenStreams,
            discover::capabilities,
            taskMethods::view,
            properties.listen().maxEntries()));
    SessionStore sessions = legacy.sparing(store);
    Initialize initialize = new Initialize(sessions, identity, legacy);
    LegacyDispatcher earlier =
        new LegacyDispatcher(
            sessions,
            initialize,
            new LegacyMethods(
                tools, calls, new LegacyPrimitives(served, primitiveCalls), sessions, legacy),
            legacy,
            limit);
    return new Endpoint(
        new ModernDispatcher(methods, tools, limit),
        earlier,
        new SseTransport(sessions, initialize, earlier, legacy));
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
      Endpoint endpoint, HttpExchanges exchanges, KeepAlive keepAlive, McpProperties properties) {
    var registration =
        new ServletRegistrationBean<>(
            new McpServlet(endpoint, exchanges, keepAlive), properties.path());
    registration.setName("longhaulMcp");
    registration.setAsyncSupported(true);
    return registration;
  }

  /** The transport of 2024-11-05, apart from the endpoint that the later revisions share. */
  @Bean
  @ConditionalOnProperty(name = "longhaul.mcp.sse.enabled", matchIfMissing = true)
  ServletRegistrationBean<SseServlet> longhaulMcpSseServlet(
      Endpoint endpoint, HttpExchanges exchanges, KeepAlive keepAlive, McpProperties properties) {
    String stream = properties.sse().path();
    String messages = properties.sse().messagePath();
    var registration =
        new ServletRegistrationBean<>(
            new SseServlet(endpoint.sse(), exchanges, keepAlive, stream, messages),
            stream,
            messages);
    registration.setName("longhaulMcpSse");
    registration.setAsyncSupported(true);
    return registration;
  }

  private static HandOver handOver(McpProperties properties) {
    return new HandOver(ofClients(properties, McpProperties.Client::wording));
  }

  /** One setting of all clients that have it, by the client's name. */
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
    // The host application's build information is not ours.
    if (build != null && "longhaul".equals(build.getArtifact()) && build.getVersion() != null) {
      return build.getVersion();
    }
    String version = McpConfiguration.class.getPackage().getImplementationVersion();
    return version == null ? "0.0.0" : version;
  }
}
