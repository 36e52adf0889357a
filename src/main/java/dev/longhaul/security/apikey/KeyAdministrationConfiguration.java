package dev.longhaul.security.apikey;

import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.security.apikey.redis.RedisKeyStore;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Administration alone, for a process that serves nobody, whether or not keys are accepted. */
@Configuration(proxyBeanMethods = false)
public class KeyAdministrationConfiguration {
  @Bean
  KeyAdministration longhaulKeyAdministration(
      RedisConnections redis, KeyTags tags, Environment environment, Clock clock) {
    KeyStore store = new RedisKeyStore(redis, null, tags);
    return new KeyAdministration(
        new ConfiguredKeys(ApiKeySettings.read(environment), store),
        new CreatedKeys(store),
        store,
        clock);
  }
}
