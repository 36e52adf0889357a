package dev.longhaul.security.apikey;

import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.security.Authentication;
import dev.longhaul.security.apikey.redis.RedisKeyStore;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The beans for API keys, if they are accepted. */
@Configuration(proxyBeanMethods = false)
@Conditional(ApiKeyConfiguration.OnApiKeys.class)
public class ApiKeyConfiguration {

  /** Matches if API keys are accepted. */
  public static final class OnApiKeys implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return Authentication.acceptsApiKeys(context.getEnvironment());
    }
  }

  @Bean
  ConfiguredKeys longhaulConfiguredKeys(Environment environment, KeyStore store) {
    return new ConfiguredKeys(ApiKeySettings.read(environment), store);
  }

  @Bean
  KeyStore longhaulKeyStore(
      RedisConnections redis, ObjectProvider<Channels> channels, KeyTags tags) {
    return new RedisKeyStore(redis, channels.getIfAvailable(), tags);
  }

  @Bean
  CreatedKeys longhaulCreatedKeys(KeyStore store) {
    var created = new CreatedKeys(store);
    store.onChange(created::changed);
    return created;
  }

  @Bean
  ApiKeys longhaulApiKeys(
      ConfiguredKeys configured, CreatedKeys created, KeyStore store, Clock clock) {
    return new ApiKeys(configured, created, store, clock);
  }

  @Bean
  KeyAdministration longhaulKeyAdministration(
      ConfiguredKeys configured, CreatedKeys created, KeyStore store, Clock clock) {
    return new KeyAdministration(configured, created, store, clock);
  }
}
