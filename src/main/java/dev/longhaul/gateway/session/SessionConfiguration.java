package dev.longhaul.gateway.session;

import dev.longhaul.gateway.process.Children;
import dev.longhaul.gateway.rpc.HttpConnections;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.rpc.WireLimits;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What opens sessions with upstreams, made when the first one is opened. */
@Configuration(proxyBeanMethods = false)
public class SessionConfiguration {

  /** Notes of the processes of upstreams are kept beside the other data of this machine. */
  @Bean(destroyMethod = "close")
  @Lazy
  Children longhaulUpstreamChildren(
      @Value("${longhaul.embedded-redis.data-directory:./longhaul-data}") Path data) {
    return new Children(data.resolve("upstreams"));
  }

  @Bean(destroyMethod = "close")
  @Lazy
  HttpConnections longhaulUpstreamHttp(ObjectProvider<ObservationRegistry> observations) {
    return new HttpConnections(observations.getIfAvailable(() -> ObservationRegistry.NOOP));
  }

  @Bean
  @Lazy
  Sessions longhaulUpstreamSessions(
      Children children,
      HttpConnections http,
      ObjectProvider<UpstreamPeers.Identity> identity,
      ObjectProvider<BuildProperties> build) {
    BuildProperties built = build.getIfAvailable();
    String version = built == null ? null : built.getVersion();
    return new ProbingSessions(
        new UpstreamPeers(
            children,
            http,
            WireLimits.DEFAULT,
            identity.getIfAvailable(() -> (_, url, _) -> RequestHeaders.of(url.headers()))),
        KnownEras.inMemory(),
        version == null ? "0" : version,
        SessionLimits.DEFAULT);
  }
}
