package dev.longhaul.load;

import dev.longhaul.security.FrontDoors;
import dev.longhaul.security.RefusalWriter;
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

/** Meters what the front doors take in and give out. */
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

  /** Only where the container is ours: a host that has the library keeps its threads. */
  @Bean
  @ConditionalOnBooleanProperty("longhaul.standalone")
  RequestThreads longhaulRequestThreads() {
    return new RequestThreads();
  }

  /** After the checks of Host and Origin, before tokens are looked at. */
  @Bean
  FilterRegistrationBean<Filter> longhaulAddressLimit(
      InFlightProperties properties, Environment environment) {
    FrontDoors doors = FrontDoors.of(environment);
    return registration(
        "longhaulAddressLimit",
        new AddressLimit(properties, new RefusalWriter(doors.mcp())),
        doors.patterns(),
        Ordered.HIGHEST_PRECEDENCE + 5);
  }

  /** After what inflates bodies: what counts is what they become. */
  @Bean
  FilterRegistrationBean<Filter> longhaulInFlight(
      ByteBudget budget, InFlightProperties properties, Environment environment) {
    return registration(
        "longhaulInFlight",
        new InFlight(budget, properties),
        FrontDoors.of(environment).patterns(),
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
