package dev.longhaul.security;

import dev.longhaul.security.oauth.OAuthConfiguration;
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
 * Host and Origin checks on every front door, {@link BindAddressCheck} is the other half; and
 * compressed requests.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties({HttpProperties.class, SecurityProperties.class})
@Import({OAuthConfiguration.class, HostSecurityConfiguration.class})
public class SecurityConfiguration {

  @Bean
  FrontDoors longhaulFrontDoors(Environment environment) {
    return FrontDoors.of(environment);
  }

  @Bean
  Gate longhaulGate(HttpProperties properties, FrontDoors doors, Environment environment) {
    return new Gate(
        new Doorkeeper(properties),
        new Cors(AllowedOrigins.parse(properties.allowedOrigins()), doors),
        new RefusalWriter(doors.mcp()),
        environment.getProperty("longhaul.mcp.public-url", "").startsWith("https:"));
  }

  /** In the application it guards every path; in a host application only Longhaul's own. */
  @Bean
  FilterRegistrationBean<Gate> longhaulGateRegistration(Gate gate, Environment environment) {
    List<String> patterns = new ArrayList<>(FrontDoors.of(environment).patterns());
    // In a host the path is ours only where we answer there.
    if (!patterns.contains("/*") && environment.containsProperty(SecurityProperties.ISSUER)) {
      patterns.add(FrontDoors.RESOURCE_METADATA + "/*");
    }
    return registration(gate, patterns);
  }

  static FilterRegistrationBean<Gate> registration(Gate gate, List<String> patterns) {
    var registration = new FilterRegistrationBean<>(gate);
    registration.setName("longhaulGate");
    registration.setUrlPatterns(patterns);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    return registration;
  }

  /** Before the checks: also what is turned away has an id that its client can ask about. */
  @Bean
  FilterRegistrationBean<RequestContexts> longhaulRequestContexts(Environment environment) {
    var registration = new FilterRegistrationBean<>(new RequestContexts());
    registration.setName("longhaulRequestContexts");
    registration.setUrlPatterns(FrontDoors.of(environment).patterns());
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  /** After the checks: what is turned away is not read. */
  @Bean
  FilterRegistrationBean<GzipRequests> longhaulGzipRequests(Environment environment) {
    FrontDoors doors = FrontDoors.of(environment);
    var registration =
        new FilterRegistrationBean<>(new GzipRequests(new RefusalWriter(doors.mcp())));
    registration.setName("longhaulGzipRequests");
    registration.setUrlPatterns(doors.patterns());
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
    return registration;
  }
}
