package dev.longhaul.security;

import dev.longhaul.job.Role;
import jakarta.servlet.ServletContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.FilterChainProxy;

/** The beans for a host application with Spring Security. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(FilterChainProxy.class)
class HostSecurityConfiguration {

  @Bean
  FrontDoorRequestMatcher longhaulFrontDoorRequestMatcher(ServedPaths served) {
    return new FrontDoorRequestMatcher(served);
  }

  @Bean
  @ConditionalOnExpression(Role.IF_FRONT_DOORS)
  CsrfCheck longhaulCsrfCheck(
      ObjectProvider<FilterChainProxy> security, ServedPaths served, ServletContext context) {
    return new CsrfCheck(security, served, context);
  }
}
