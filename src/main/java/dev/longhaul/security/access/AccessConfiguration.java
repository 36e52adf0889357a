package dev.longhaul.security.access;

import dev.longhaul.security.Authentication;
import dev.longhaul.security.RefusalWriter;
import dev.longhaul.security.ServedPaths;
import dev.longhaul.security.apikey.ApiKeyConfiguration;
import dev.longhaul.security.apikey.ApiKeys;
import dev.longhaul.security.apikey.KeyStore;
import dev.longhaul.security.oauth.AccessTokens;
import dev.longhaul.security.oauth.OAuthConfiguration;
import dev.longhaul.security.oauth.OAuthProperties;
import dev.longhaul.security.oauth.ProtectedResource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The filter that requires credentials, if any are configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import({OAuthConfiguration.class, ApiKeyConfiguration.class, AccessConfiguration.Closed.class})
public class AccessConfiguration {

  /** Matches if every caller needs a credential. */
  static final class OnAuthentication implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return Authentication.isRequired(context.getEnvironment());
    }
  }

  /** There is a filter whenever one is required, also if nothing could pass it. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(OnAuthentication.class)
  static class Closed {
    /** After Host and Origin, before everything else. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean(destroyMethod = "close")
    @Conditional(ApiKeyConfiguration.OnApiKeys.class)
    HeldResponses longhaulHeldResponses(ApiKeys keys, KeyStore store, Environment environment) {
      var held = new HeldResponses(keys, new RefusalWriter(ServedPaths.of(environment).mcp()));
      store.onChange(held::soon);
      return held;
    }

    @Bean
    AccessFilter longhaulTokenGate(
        ObjectProvider<OAuthProperties> properties,
        ObjectProvider<AccessTokens> tokens,
        ObjectProvider<ProtectedResource> resource,
        ObjectProvider<ApiKeys> keys,
        ObjectProvider<HeldResponses> held,
        Environment environment) {
      ServedPaths served = ServedPaths.of(environment);
      OAuthProperties oauth = properties.getIfAvailable();
      return new AccessFilter(
          oauth(tokens, resource),
          keys(keys, held),
          new NeededScopes(
              oauth == null ? List.of() : oauth.scopes(),
              oauth == null ? List.of() : oauth.adminScopes(),
              served),
          new RefusalWriter(served.mcp()));
    }

    private static AccessFilter.@Nullable OAuth oauth(
        ObjectProvider<AccessTokens> tokens, ObjectProvider<ProtectedResource> resource) {
      AccessTokens check = tokens.getIfAvailable();
      return check == null ? null : new AccessFilter.OAuth(check, resource.getObject());
    }

    private static AccessFilter.@Nullable Keys keys(
        ObjectProvider<ApiKeys> keys, ObjectProvider<HeldResponses> held) {
      ApiKeys check = keys.getIfAvailable();
      return check == null ? null : new AccessFilter.Keys(check, held.getObject());
    }

    @Bean
    FilterRegistrationBean<AccessFilter> longhaulTokenGateRegistration(
        AccessFilter gate, Environment environment) {
      List<String> patterns = new ArrayList<>(ServedPaths.of(environment).patterns());
      if (!patterns.contains("/*") && Authentication.hasIssuer(environment)) {
        patterns.add(ServedPaths.RESOURCE_METADATA + "/*");
      }
      var registration = new FilterRegistrationBean<>(gate);
      registration.setName("longhaulTokenGate");
      registration.setUrlPatterns(patterns);
      registration.setOrder(ORDER);
      return registration;
    }

    // A host application configures its own health details.
    @Bean
    @ConditionalOnBooleanProperty("longhaul.standalone")
    static HealthEndpointGroupsPostProcessor longhaulHealthDetails() {
      return HealthDetails::new;
    }
  }
}
