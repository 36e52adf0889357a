package dev.longhaul.mcp.legacy;

import dev.longhaul.intake.Intake;
import dev.longhaul.mcp.McpProperties;
import dev.longhaul.mcp.legacy.redis.EventLogLimits;
import dev.longhaul.mcp.legacy.redis.RedisLegacyStores;
import dev.longhaul.mcp.legacy.redis.RedisSessionStore;
import dev.longhaul.mcp.tools.ToolCalls;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.security.Authentication;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** The beans of the earlier revisions: sessions, streams, questions and tasks. */
@Configuration(proxyBeanMethods = false)
@Import({
  ChangeNotifier.class,
  DetachedRequests.class,
  InFlight.class,
  Initialize.class,
  JobSubscriptions.class,
  LegacyDispatcher.class,
  LegacyMethods.class,
  LegacyPrimitiveMethods.class,
  LegacyTaskView.class,
  SignalledApiProcesses.class,
  SessionEnd.class,
  SessionSubscriptions.class,
  Signals.class,
  SseTransport.class,
  TaskNotifications.class
})
public class LegacyConfiguration {
  private static final String INPUT_TTL = "${longhaul.worker.input-ttl:1h}";

  @Bean
  LegacyStores longhaulMcpLegacyStores(
      RedisConnections redis,
      Channels channels,
      KeyTags tags,
      McpProperties properties,
      @Value(INPUT_TTL) Duration inputTtl) {
    McpProperties.EventLog log = properties.eventLog();
    return RedisLegacyStores.of(
        redis,
        channels,
        tags,
        new EventLogLimits(log.ttl(), log.maxMessages(), log.maxSize().toBytes()),
        properties.sessionTtl(),
        inputTtl);
  }

  @Bean
  EventLog longhaulMcpEventLog(LegacyStores stores) {
    return stores.events();
  }

  @Bean
  PushStreams longhaulMcpPushStreams(LegacyStores stores) {
    return stores.pushStreams();
  }

  @Bean
  Subscriptions longhaulMcpSubscriptions(LegacyStores stores) {
    return stores.subscriptions();
  }

  @Bean
  SignalChannel longhaulMcpSignals(LegacyStores stores) {
    return stores.signals();
  }

  @Bean
  @ConditionalOnMissingBean
  SessionStore longhaulMcpSessions(
      RedisConnections redis, KeyTags tags, Signals signals, McpProperties properties) {
    var store =
        new RedisSessionStore(redis, tags, properties.sessionTtl(), properties.maxSessions());
    return new SessionCache(store, signals, System::nanoTime);
  }

  @Bean
  SessionNotifications longhaulMcpSessionNotifications(
      EventLog events,
      PushStreams pushStreams,
      Subscriptions subscriptions,
      McpProperties properties) {
    return new SessionNotifications(
        events, pushStreams, subscriptions, properties.eventLog().ttl());
  }

  @Bean
  ClientQuestions longhaulMcpClientQuestions(
      LegacyStores stores, Signals signals, Intake intake, @Value(INPUT_TTL) Duration inputTtl) {
    return new ClientQuestions(stores.questions(), signals, stores.pushStreams(), intake, inputTtl);
  }

  @Bean
  ProcessLease longhaulMcpProcessLease(LegacyStores stores) {
    return new ProcessLease(stores.leases());
  }

  /** tasks/list is served only if callers can be distinguished. */
  @Bean
  LegacyTasks longhaulMcpLegacyTasks(
      Intake intake,
      LegacyTaskView view,
      TaskNotifications notifications,
      ClientQuestions questions,
      LegacyStores stores,
      McpProperties properties,
      Environment environment,
      @Value("${longhaul.security.allow-unauthenticated:false}") boolean anyoneMayCall) {
    var settings =
        new LegacyTasks.Settings(
            properties.taskTtl(), Authentication.isRequired(environment) || !anyoneMayCall);
    return new LegacyTasks(intake, view, notifications, questions, stores.tokens(), settings);
  }

  @Bean
  CallJournals longhaulMcpCallJournals(
      EventLog events, ProcessLease lease, Signals signals, McpProperties properties) {
    return new CallJournals(events, lease, signals, properties.retryAfter());
  }

  @Bean
  Resumption longhaulMcpResumption(
      EventLog events,
      Signals signals,
      InFlight inFlight,
      DetachedRequests detached,
      ClientQuestions questions,
      ProcessLease lease,
      ToolCalls calls) {
    return new Resumption(
        events,
        signals,
        inFlight,
        detached,
        questions,
        lease,
        calls::takeOver,
        Resumption.LIVENESS_INTERVAL);
  }

  @Bean
  LegacyStreams longhaulMcpLegacyStreams(
      EventLog events,
      PushStreams pushStreams,
      SessionNotifications notifications,
      Signals signals,
      DetachedRequests detached,
      Resumption resumption,
      McpProperties properties) {
    return new LegacyStreams(
        events,
        pushStreams,
        notifications,
        signals,
        detached,
        resumption,
        properties.sessionTtl(),
        properties.retryAfter());
  }
}
