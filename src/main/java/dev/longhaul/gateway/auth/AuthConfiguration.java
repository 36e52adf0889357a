package dev.longhaul.gateway.auth;

import dev.longhaul.gateway.auth.owner.Assertions;
import dev.longhaul.gateway.session.UpstreamPeers;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What identifies this server to upstreams, made when the first session is opened. */
@Configuration(proxyBeanMethods = false)
public class AuthConfiguration {

  @Bean(destroyMethod = "close")
  @Lazy
  TokenEndpoint longhaulUpstreamTokens(ObjectProvider<ObservationRegistry> observations) {
    return new TokenEndpoint(observations.getIfAvailable(() -> ObservationRegistry.NOOP));
  }

  @Bean
  @Lazy
  UpstreamPeers.Identity longhaulUpstreamIdentity(TokenEndpoint endpoint, Clock clock) {
    return new UpstreamIdentity(endpoint, new Assertions(clock), System::nanoTime);
  }
}
