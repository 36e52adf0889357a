package dev.longhaul.security;

import java.util.List;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The same checks on a separate management port. Spring Boot serves it from a child context, which
 * inherits no filters and finds this class by its imports file.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
public class ManagementSecurityConfiguration {

  // A host application protects its own management port.
  @Bean
  FilterRegistrationBean<HostOriginFilter> longhaulManagementGateRegistration(
      HostOriginFilter gate, Environment environment) {
    var registration = SecurityConfiguration.registration(gate, List.of("/*"));
    registration.setEnabled(Standalone.is(environment));
    return registration;
  }
}
