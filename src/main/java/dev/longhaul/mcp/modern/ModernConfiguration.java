package dev.longhaul.mcp.modern;

import dev.longhaul.catalog.ServedPrimitives;
import dev.longhaul.catalog.SubscribedResources;
import dev.longhaul.intake.Intake;
import dev.longhaul.load.CallLimit;
import dev.longhaul.mcp.McpProperties;
import dev.longhaul.mcp.delivery.PollIntervals;
import dev.longhaul.mcp.delivery.ResultTruncation;
import dev.longhaul.mcp.delivery.TaskView;
import dev.longhaul.mcp.observation.McpObservations;
import dev.longhaul.mcp.primitive.PrimitiveCalls;
import dev.longhaul.mcp.tools.ServedTools;
import dev.longhaul.mcp.wire.ServerIdentity;
import dev.longhaul.tool.Changes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of revision 2026-07-28. */
@Configuration(proxyBeanMethods = false)
@Import({CallTool.class, ClientInput.class, ModernDialect.class, TaskMethods.class})
public class ModernConfiguration {

  @Bean
  StateKeys longhaulMcpStateKeys(StateStore store, McpProperties properties) {
    return new StateKeys(
        properties.requestStateKeys(),
        properties.requestStateKeysFile(),
        store,
        properties.requestStateTtl());
  }

  @Bean
  StateKeysEndpoint longhaulStateKeysEndpoint(StateKeys keys) {
    return new StateKeysEndpoint(keys);
  }

  @Bean
  RequestStates longhaulMcpRequestStates(StateKeys keys, McpProperties properties, Clock clock) {
    return new RequestStates(keys, properties.requestStateTtl(), clock);
  }

  @Bean
  TaskView longhaulMcpTaskView(
      ModernDialect dialect, ResultTruncation truncation, PollIntervals intervals) {
    return new TaskView(dialect, truncation, intervals);
  }

  @Bean
  Discover longhaulMcpDiscover(
      ServerIdentity identity, ModernDialect dialect, McpProperties properties) {
    return new Discover(identity, dialect, properties.listTtl());
  }

  @Bean
  ListTools longhaulMcpListTools(
      ServedTools tools, ModernDialect dialect, McpProperties properties) {
    return new ListTools(tools, dialect, properties.listTtl());
  }

  @Bean
  PrimitiveMethods longhaulMcpPrimitiveMethods(
      ServedPrimitives served,
      PrimitiveCalls calls,
      ModernDialect dialect,
      ClientInput input,
      McpProperties properties) {
    return new PrimitiveMethods(served, calls, dialect, input, properties.listTtl());
  }

  @Bean
  ListenStreams longhaulMcpListenStreams(McpProperties properties) {
    return new ListenStreams(properties.listen().maxStreams());
  }

  @Bean
  Listen longhaulMcpListen(
      Intake intake,
      Changes changes,
      SubscribedResources resources,
      ListenStreams streams,
      Discover discover,
      TaskMethods tasks,
      McpProperties properties) {
    return new Listen(
        intake,
        changes,
        resources,
        streams,
        discover::capabilities,
        tasks::view,
        properties.listen().maxEntries());
  }

  @Bean
  ModernDispatcher longhaulMcpModernDispatcher(
      List<ModernMethod> single,
      TaskMethods tasks,
      PrimitiveMethods primitives,
      ServedTools tools,
      CallLimit limit,
      McpObservations observations) {
    List<ModernMethod> methods = new ArrayList<>(single);
    methods.addAll(tasks.all());
    methods.addAll(primitives.all());
    return new ModernDispatcher(methods, tools, limit, observations);
  }
}
