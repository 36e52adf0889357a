package dev.longhaul.security.oauth;

import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.security.SecurityProperties;
import dev.longhaul.security.ServedPaths;
import dev.longhaul.security.oauth.redis.RedisFirstIssuer;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The beans for access tokens, if an issuer is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(SecurityProperties.ISSUER)
@EnableConfigurationProperties(OAuthProperties.class)
public class OAuthConfiguration {
  @Bean
  TokenOwners longhaulTokenOwners(
      OAuthProperties properties, RedisConnections redis, KeyTags tags) {
    String issuer = Objects.requireNonNull(properties.issuer());
    return new TokenOwners(issuer, new RedisFirstIssuer(redis, tags));
  }

  @Bean
  AccessTokens longhaulAccessTokens(
      OAuthProperties properties, TokenOwners owners, Environment environment) {
    String issuer = Objects.requireNonNull(properties.issuer());
    return new AccessTokens(
        properties,
        issuer,
        audiences(properties, publicUrl(environment), ServedPaths.of(environment)),
        owners);
  }

  @Bean
  ProtectedResource longhaulProtectedResource(OAuthProperties properties, Environment environment) {
    String issuer = Objects.requireNonNull(properties.issuer());
    return new ProtectedResource(
        properties, issuer, publicUrl(environment), ServedPaths.of(environment));
  }

  private static @Nullable String publicUrl(Environment environment) {
    return environment.getProperty("longhaul.mcp.public-url");
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
