package dev.longhaul.security;

import dev.longhaul.security.access.AccessConfiguration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * The filters before all endpoints: checks of Host and Origin, request contexts, and compressed
 * requests. {@link BindAddressCheck} belongs to it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties({HttpProperties.class, SecurityProperties.class})
@Import({AccessConfiguration.class, HostSecurityConfiguration.class})
public class SecurityConfiguration {

  @Bean
  ServedPaths longhaulFrontDoors(Environment environment) {
    return ServedPaths.of(environment);
  }

  @Bean
  HostOriginFilter longhaulGate(
      HttpProperties properties, ServedPaths served, Environment environment) {
    return new HostOriginFilter(
        new HostOriginCheck(properties),
        new Cors(AllowedOrigins.parse(properties.allowedOrigins()), served),
        new RefusalWriter(served.mcp()),
        environment.getProperty("longhaul.mcp.public-url", "").startsWith("https:"));
  }

  /** Applies to every path in the application, in a host application only to Longhaul's. */
  @Bean
  FilterRegistrationBean<HostOriginFilter> longhaulGateRegistration(
      HostOriginFilter gate, Environment environment) {
    List<String> patterns = new ArrayList<>(ServedPaths.of(environment).patterns());
    // In a host application the metadata's path is Longhaul's only if it is served.
    if (!patterns.contains("/*") && Authentication.hasIssuer(environment)) {
      patterns.add(ServedPaths.RESOURCE_METADATA + "/*");
    }
    return registration(gate, patterns);
  }

  static FilterRegistrationBean<HostOriginFilter> registration(
      HostOriginFilter gate, List<String> patterns) {
    var registration = new FilterRegistrationBean<>(gate);
    registration.setName("longhaulGate");
    registration.setUrlPatterns(patterns);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 3);
    return registration;
  }

  /** After Spring's filter that observes requests, before all that refuse some. */
  @Bean
  FilterRegistrationBean<ObservedPaths> longhaulObservedPaths(Environment environment) {
    ServedPaths served = ServedPaths.of(environment);
    var registration = new FilterRegistrationBean<>(new ObservedPaths(served));
    registration.setName("longhaulObservedPaths");
    registration.setUrlPatterns(served.patterns());
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
    return registration;
  }

  /** Before the checks, so that refused requests have an id too. */
  @Bean
  FilterRegistrationBean<RequestContexts> longhaulRequestContexts(Environment environment) {
    var registration = new FilterRegistrationBean<>(new RequestContexts());
    registration.setName("longhaulRequestContexts");
    registration.setUrlPatterns(ServedPaths.of(environment).patterns());
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  /** After the checks, so that the body of a refused request is not read. */
  @Bean
  FilterRegistrationBean<GzipRequests> longhaulGzipRequests(Environment environment) {
    ServedPaths served = ServedPaths.of(environment);
    var registration =
        new FilterRegistrationBean<>(new GzipRequests(new RefusalWriter(served.mcp())));
    registration.setName("longhaulGzipRequests");
    registration.setUrlPatterns(served.patterns());
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
    return registration;
  }
}
