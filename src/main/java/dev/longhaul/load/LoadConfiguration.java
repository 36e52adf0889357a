package dev.longhaul.load;

import dev.longhaul.security.RefusalWriter;
import dev.longhaul.security.ServedPaths;
import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** The beans that limit requests and responses in progress. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(InFlightProperties.class)
public class LoadConfiguration {

  @Bean
  ByteBudget longhaulByteBudget(InFlightProperties properties) {
    return new ByteBudget(properties.bytes());
  }

  @Bean
  CallLimit longhaulCallLimit(InFlightProperties properties) {
    return new CallLimit(properties.maxCallsPerCaller());
  }

  /** Only in the application; a host application keeps its own threads. */
  @Bean
  @ConditionalOnBooleanProperty("longhaul.standalone")
  RequestThreads longhaulRequestThreads() {
    return new RequestThreads();
  }

  /** After the checks of Host and Origin and before those of tokens. */
  @Bean
  FilterRegistrationBean<Filter> longhaulAddressLimit(
      InFlightProperties properties, Environment environment) {
    ServedPaths served = ServedPaths.of(environment);
    return registration(
        "longhaulAddressLimit",
        new AddressLimit(properties, new RefusalWriter(served.mcp())),
        served.patterns(),
        Ordered.HIGHEST_PRECEDENCE + 5);
  }

  /** After decompression, since the decompressed size counts. */
  @Bean
  FilterRegistrationBean<Filter> longhaulInFlight(
      ByteBudget budget, InFlightProperties properties, Environment environment) {
    return registration(
        "longhaulInFlight",
        new InFlight(budget, properties),
        ServedPaths.of(environment).patterns(),
        Ordered.HIGHEST_PRECEDENCE + 30);
  }

  private static FilterRegistrationBean<Filter> registration(
      String name, Filter filter, List<String> patterns, int order) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.setName(name);
    registration.setUrlPatterns(patterns);
    registration.setOrder(order);
    return registration;
  }
}
