package dev.longhaul.gateway;

import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.SubscribedResources;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.gateway.auth.AuthConfiguration;
import dev.longhaul.gateway.auth.login.LoginStore;
import dev.longhaul.gateway.call.CallConfiguration;
import dev.longhaul.gateway.catalog.CatalogueStore;
import dev.longhaul.gateway.catalog.Discovery;
import dev.longhaul.gateway.catalog.SubscriptionStore;
import dev.longhaul.gateway.catalog.UpstreamCatalogue;
import dev.longhaul.gateway.catalog.UpstreamHandlers;
import dev.longhaul.gateway.catalog.UpstreamLinks;
import dev.longhaul.gateway.catalog.UpstreamSubscriptions;
import dev.longhaul.gateway.config.ConfiguredUpstreams;
import dev.longhaul.gateway.redis.RedisCatalogueStore;
import dev.longhaul.gateway.redis.RedisGatewayConfiguration;
import dev.longhaul.gateway.session.SessionConfiguration;
import dev.longhaul.job.Role;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.secret.Encryption;
import dev.longhaul.tool.Changes;
import java.time.Clock;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.function.SingletonSupplier;

/** The beans of the gateway. */
@Configuration(proxyBeanMethods = false)
@Import({
  AuthConfiguration.class,
  CallConfiguration.class,
  RedisGatewayConfiguration.class,
  SessionConfiguration.class
})
public class GatewayConfiguration {
  private static final int DEFAULT_PORT = 8080;

  @Bean
  CatalogueStore longhaulUpstreamStore(RedisConnections redis, Channels channels, KeyTags tags) {
    return new RedisCatalogueStore(redis, channels, tags);
  }

  @Bean
  UpstreamCatalogue longhaulUpstreamCatalogue(
      CatalogueStore store,
      RegisteredTools tools,
      RegisteredPrimitives primitives,
      ToolPolicies policies,
      ObjectProvider<UpstreamHandlers> handlers,
      Changes changes,
      Environment environment) {
    return UpstreamCatalogue.of(
        store,
        tools,
        primitives,
        policies,
        SingletonSupplier.of(handlers::getObject),
        changes,
        new ConfiguredUpstreams(environment, false).any());
  }

  @Bean
  Upstreams longhaulUpstreams(
      UpstreamCatalogue catalogue,
      CatalogueStore store,
      LoginStore logins,
      ToolCatalogue tools,
      ToolPolicies policies,
      ObjectProvider<UpstreamLinks> links,
      Clock clock,
      ObjectProvider<Encryption> encryption,
      Environment environment) {
    UpstreamLinks own = runs(environment) ? links.getIfAvailable() : null;
    return new Upstreams(
        catalogue,
        store,
        logins,
        tools,
        policies,
        clock,
        own == null
            ? null
            : new Upstreams.Running(
                new ConfiguredUpstreams(environment, true, encryption.getIfAvailable() != null),
                new Discovery(own, catalogue, clock),
                own,
                () -> port(environment)));
  }

  @Bean
  UpstreamSubscriptions longhaulUpstreamSubscriptions(
      SubscribedResources clients,
      UpstreamCatalogue catalogue,
      SubscriptionStore store,
      Changes changes,
      ObjectProvider<UpstreamLinks> links,
      Upstreams upstreams,
      Environment environment) {
    var subscriptions =
        new UpstreamSubscriptions(
            clients, catalogue, store, changes, runs(environment) ? links.getIfAvailable() : null);
    upstreams.often(subscriptions::renew);
    return subscriptions;
  }

  private static boolean runs(Environment environment) {
    return !"api".equalsIgnoreCase(environment.getProperty(Role.PROPERTY, "all"));
  }

  /** The port of this server; that of the setting before it is open. */
  private static int port(Environment environment) {
    if ("worker".equalsIgnoreCase(environment.getProperty(Role.PROPERTY, "all"))) {
      return 0;
    }
    Integer open = environment.getProperty("local.server.port", Integer.class);
    return open != null
        ? open
        : Objects.requireNonNull(
            environment.getProperty("server.port", Integer.class, DEFAULT_PORT));
  }

  // The bean's name is the name of the component in /actuator/health.
  @Bean
  @Conditional(Configured.class)
  @ConditionalOnEnabledHealthIndicator("upstreams")
  HealthIndicator upstreamsHealthIndicator(Upstreams upstreams) {
    return new UpstreamHealth(upstreams);
  }

  @Bean
  @Conditional(Configured.class)
  UpstreamMeters longhaulUpstreamMeters(Upstreams upstreams) {
    return new UpstreamMeters(upstreams);
  }

  /** Whether a setting brings upstreams. */
  static final class Configured implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return new ConfiguredUpstreams(context.getEnvironment(), false).any();
    }
  }
}
