package dev.longhaul.ops;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.application.AvailabilityStateHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Limits the time of every health component, including Spring Boot's. */
final class TimedHealths implements BeanPostProcessor {
  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    boolean waits =
        bean instanceof HealthIndicator
            && !(bean instanceof TimedHealth)
            && !(bean instanceof AvailabilityStateHealthIndicator);
    return waits ? new TimedHealth((HealthIndicator) bean) : bean;
  }
}
