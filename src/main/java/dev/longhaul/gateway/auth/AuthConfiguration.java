package dev.longhaul.gateway.auth;

import dev.longhaul.catalog.DelegatedTokens;
import dev.longhaul.gateway.auth.login.LoginConfiguration;
import dev.longhaul.gateway.auth.login.LoginTokens;
import dev.longhaul.gateway.auth.owner.Assertions;
import dev.longhaul.gateway.auth.owner.KeptTokens;
import dev.longhaul.gateway.auth.owner.SealedTokens;
import dev.longhaul.gateway.config.ConfiguredUpstreams;
import dev.longhaul.gateway.session.UpstreamPeers;
import dev.longhaul.secret.Encryption;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** What identifies this server and its callers to upstreams, made when it is first needed. */
@Configuration(proxyBeanMethods = false)
@Import(LoginConfiguration.class)
public class AuthConfiguration {

  @Bean(destroyMethod = "close")
  @Lazy
  TokenEndpoint longhaulUpstreamTokens(ObjectProvider<ObservationRegistry> observations) {
    return new TokenEndpoint(observations.getIfAvailable(() -> ObservationRegistry.NOOP));
  }

  @Bean
  @Lazy
  UpstreamPeers.Identity longhaulUpstreamIdentity(
      TokenEndpoint endpoint,
      ObjectProvider<LoginTokens> logins,
      ObjectProvider<KeptTokens> kept,
      ObjectProvider<Encryption> encryption,
      Clock clock) {
    return new UpstreamIdentity(
        endpoint,
        logins::getObject,
        new Assertions(clock),
        sealed(kept, encryption, clock),
        clock,
        System::nanoTime);
  }

  @Bean
  DelegatedTokens longhaulDelegatedTokens(
      ObjectProvider<TokenEndpoint> endpoint,
      ObjectProvider<KeptTokens> kept,
      ObjectProvider<Encryption> encryption,
      Environment environment,
      Clock clock) {
    SealedTokens tokens = sealed(kept, encryption, clock);
    return new ExchangedTokens(
        new EntriesHere(
            new ConfiguredUpstreams(environment, false, tokens != null), System::nanoTime),
        endpoint::getObject,
        tokens,
        clock);
  }

  private static @Nullable SealedTokens sealed(
      ObjectProvider<KeptTokens> kept, ObjectProvider<Encryption> encryption, Clock clock) {
    Encryption key = encryption.getIfAvailable();
    return key == null ? null : new SealedTokens(kept.getObject(), key, clock);
  }
}
