package dev.longhaul.intake.flow;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.intake.Admission;
import dev.longhaul.intake.FlowOperations;
import dev.longhaul.intake.IntakeListener;
import dev.longhaul.intake.JobFollowers;
import dev.longhaul.intake.NamedJobs;
import dev.longhaul.intake.QueueControl;
import dev.longhaul.job.RestPath;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The beans for batches and chains. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FlowLimits.class)
public class FlowConfiguration {

  @Bean
  QueueFlows longhaulFlows(
      FlowQueue flows,
      JobQueue jobs,
      Admission admission,
      QueueControl queues,
      FlowLimits limits,
      JobFollowers followers) {
    return new QueueFlows(flows, jobs, new FlowAdmission(admission), queues, limits, followers);
  }

  @Bean
  FlowOperations longhaulFlowOperations(
      QueueFlows flows,
      ObjectProvider<FlowTools> tools,
      @Value(RestPath.CONFIGURED) String restPath,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new FlowCalls(
        flows, new FlowOutcomes(flows, restPath, json), tools.getIfAvailable() != null);
  }

  @Bean
  NamedJobs longhaulNamedJobs(
      JobQueue jobs,
      Admission admission,
      ObjectProvider<IntakeListener> listeners,
      @Value(RestPath.CONFIGURED) String restPath) {
    return new QueueNamedJobs(
        jobs, admission, IntakeListener.calling(listeners.orderedStream().toList()), restPath);
  }

  @Bean
  @ConditionalOnProperty(
      prefix = "longhaul.flows.request",
      name = "tools",
      havingValue = "true",
      matchIfMissing = true)
  FlowTools longhaulFlowTools(
      RegisteredTools tools,
      ToolPolicies policies,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new FlowTools(tools, policies, json);
  }
}
