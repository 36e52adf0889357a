package dev.longhaul.gateway.auth.login;

import dev.longhaul.queue.redis.embedded.RunningEmbeddedRedis;
import dev.longhaul.secret.Encryption;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** What uses logins. */
@Configuration(proxyBeanMethods = false)
public class LoginConfiguration {

  @Bean
  @Lazy
  LoginKey longhaulLoginKey(ObjectProvider<Encryption> encryption, Environment environment) {
    return new LoginKey(
        encryption.getIfAvailable(),
        RunningEmbeddedRedis.isMeantBy(environment)
            ? RunningEmbeddedRedis.directory(environment)
            : null);
  }

  @Bean
  @Lazy
  LoginTokens longhaulLoginTokens(
      LoginStore store,
      LoginKey key,
      ObjectProvider<ObservationRegistry> observations,
      Clock clock) {
    return new LoginTokens(
        store, key, observations.getIfAvailable(() -> ObservationRegistry.NOOP), clock);
  }
}
