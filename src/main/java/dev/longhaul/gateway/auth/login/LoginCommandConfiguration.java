package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.config.ConfiguredUpstreams;
import dev.longhaul.gateway.redis.RedisLoginStore;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.secret.EncryptionConfiguration;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Logins alone, for a command that connects with no upstream. */
@Configuration(proxyBeanMethods = false)
@Import({EncryptionConfiguration.class, LoginConfiguration.class})
public class LoginCommandConfiguration {

  @Bean
  LoginStore longhaulLoginStore(RedisConnections redis, Channels channels, KeyTags tags) {
    return new RedisLoginStore(redis, channels, tags);
  }

  @Bean
  UpstreamLogins longhaulUpstreamLogins(
      LoginStore store, LoginKey key, Environment environment, Clock clock) {
    return new UpstreamLogins(new ConfiguredUpstreams(environment, false), store, key, clock);
  }
}
