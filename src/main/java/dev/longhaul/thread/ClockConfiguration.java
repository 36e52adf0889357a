package dev.longhaul.thread;

import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one clock, unless the application brings its own. */
@Configuration(proxyBeanMethods = false)
public class ClockConfiguration {
  @Bean
  @ConditionalOnMissingBean
  Clock longhaulClock() {
    return Clock.systemUTC();
  }
}
