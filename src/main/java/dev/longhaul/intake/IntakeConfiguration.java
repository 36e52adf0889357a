package dev.longhaul.intake;

import dev.longhaul.catalog.DelegatedTokens;
import dev.longhaul.catalog.OnStart;
import dev.longhaul.catalog.RemoteCalls;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.intake.cache.CacheConfiguration;
import dev.longhaul.intake.flow.FlowConfiguration;
import dev.longhaul.job.CurrentTrace;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.PlatformCalls;
import dev.longhaul.tool.Execution;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** The beans of the intake, which all front doors share. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IntakeProperties.class, AutoProperties.class})
@Import({CacheConfiguration.class, FlowConfiguration.class})
public class IntakeConfiguration {

  /** Beans that only a process with an HTTP front door needs. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class Callers {
    @Bean
    @ConditionalOnMissingBean
    CallerResolver longhaulCallers() {
      return CallerResolver::principal;
    }
  }

  /** For time limits of calls and streams, and for looking after jobs that somebody waits for. */
  @Bean(destroyMethod = "close")
  CoarseTimer longhaulCoarseTimer() {
    return new CoarseTimer("longhaul-coarse-timer");
  }

  @Bean
  RunTimes longhaulRunTimes(JobQueue queue, Clock clock) {
    return new RunTimes(queue, clock);
  }

  /**
   * Reads the average run times of tools with execution {@code auto} after all tools are registered
   * and before the first call is accepted.
   */
  @Bean
  OnStart longhaulAutoTools(ToolCatalogue tools, RunTimes times) {
    return new OnStart(
        0,
        () ->
            times.prepare(
                tools.all().stream()
                    .filter(tool -> tool.policy().execution() == Execution.AUTO)
                    .map(Tool::id)
                    .toList()));
  }

  @Bean
  RemoteCalls longhaulRemoteCalls(
      JobQueue queue,
      IntakeProperties properties,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new QueuedRequests(queue, properties.pollInterval(), clock, json);
  }

  @Bean
  JobFollowers longhaulFollowers(
      JobQueue queue, IntakeProperties properties, CoarseTimer timer, Clock clock) {
    return new JobFollowers(queue, properties.pollInterval(), timer, clock);
  }

  @Bean
  Intake longhaulIntake(
      JobQueue queue,
      WorkQueue work,
      Admission admission,
      ToolRunner runner,
      JobFollowers followers,
      FlowOperations flows,
      CallCache cache,
      ObjectProvider<DelegatedTokens> tokens,
      ObjectProvider<IntakeListener> listeners,
      IntakeProperties properties,
      AutoProperties auto,
      RunTimes times,
      CoarseTimer timer,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new QueueIntake(
        queue,
        admission,
        new InlineCalls(
            runner,
            new PlatformCalls("longhaul-inline", properties.inlineThreads()),
            timer,
            new InlineTimes(work, times, timer),
            clock,
            json),
        followers,
        flows,
        new DelegatedCalls(queue, tokens.getIfAvailable(), clock),
        cache,
        times,
        new AutoExecution(auto, times, new CanonicalCall(json)),
        clock,
        json,
        IntakeListener.calling(listeners.orderedStream().toList()));
  }

  @Bean
  @ConditionalOnMissingBean
  Jobs longhaulJobs(Intake intake, @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new IntakeJobs(intake, json, null);
  }

  @Bean
  Admission longhaulAdmission(
      ToolCatalogue tools,
      ServedMethods methods,
      ObjectProvider<NotificationTerms> notifications,
      ObjectProvider<CurrentTrace> trace,
      QueueControl queues,
      IntakeProperties properties,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new Admission(
        tools,
        methods,
        new OptionLimits(properties, clock),
        new NamedQueues(queues, clock),
        notifications.getIfAvailable(() -> NotificationTerms.NOBODY),
        new CanonicalCall(json),
        trace.getIfAvailable(() -> CurrentTrace.AS_GIVEN),
        json);
  }

  @Bean
  Deliveries longhaulDeliveries(JobQueue queue, FlowQueue flows, NotificationQueue log) {
    return new StoredDeliveries(queue, flows, log);
  }

  @Bean
  DeadLetters longhaulDeadLetters(JobQueue queue, QueueAdmin admin, ToolCatalogue tools) {
    return new StoredDeadLetters(queue, admin, tools::id);
  }

  @Bean
  QueueControl longhaulQueueControl(QueueAdmin admin, ToolCatalogue tools) {
    return new KnownQueues(admin, tools);
  }
}
