package dev.longhaul.ops.production;

import dev.longhaul.production.ProductionCheck;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** The production check of settings and of this JVM, for servers and for the command. */
@Configuration(proxyBeanMethods = false)
public class SettingsCheckConfiguration {
  @Bean
  @Order(1)
  ProductionCheck longhaulCallersCheck(Environment environment) {
    return new CallersCheck(environment);
  }

  @Bean
  @Order(2)
  ProductionCheck longhaulMemoryCheck() {
    return new MemoryCheck();
  }

  @Bean
  @Order(3)
  ProductionCheck longhaulLimitsCheck(Environment environment) {
    return new LimitsCheck(environment, Runtime.getRuntime().maxMemory());
  }

  @Bean
  @Order(4)
  ProductionCheck longhaulServingCheck(Environment environment) {
    return new ServingCheck(environment, LoggingSystem.get(getClass().getClassLoader()));
  }
}
