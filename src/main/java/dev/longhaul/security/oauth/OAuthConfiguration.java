package dev.longhaul.security.oauth;

import dev.longhaul.security.RefusalWriter;
import dev.longhaul.security.SecurityProperties;
import dev.longhaul.security.ServedPaths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** The beans for access tokens, if an issuer is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(SecurityProperties.ISSUER)
@EnableConfigurationProperties(OAuthProperties.class)
public class OAuthConfiguration {
  /** After Host and Origin, before everything else. */
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

  @Bean
  AccessTokenFilter longhaulTokenGate(OAuthProperties properties, Environment environment) {
    ServedPaths served = ServedPaths.of(environment);
    String publicUrl = environment.getProperty("longhaul.mcp.public-url");
    String issuer = Objects.requireNonNull(properties.issuer());
    return new AccessTokenFilter(
        new AccessTokens(properties, issuer, audiences(properties, publicUrl, served)),
        new ProtectedResource(properties, issuer, publicUrl, served),
        new NeededScopes(properties, served),
        new RefusalWriter(served.mcp()));
  }

  @Bean
  FilterRegistrationBean<AccessTokenFilter> longhaulTokenGateRegistration(
      AccessTokenFilter gate, Environment environment) {
    List<String> patterns = new ArrayList<>(ServedPaths.of(environment).patterns());
    if (!patterns.contains("/*")) {
      patterns.add(ProtectedResource.WELL_KNOWN + "/*");
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

  private static Collection<String> audiences(
      OAuthProperties properties, @Nullable String publicUrl, ServedPaths served) {
    if (!properties.audiences().isEmpty()) {
      return properties.audiences();
    }
    if (publicUrl == null) {
      throw new InvalidConfigurationPropertyValueException(
          "longhaul.security.oauth.audiences",
          "",
          "With longhaul.security.oauth.issuer this server has to know the audience (\"aud\") of its"
              + " tokens. Set longhaul.mcp.public-url to the address that clients use, or this"
              + " property.");
    }
    return ProtectedResource.addresses(publicUrl, served);
  }
}
