package dev.longhaul.ops;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of metrics.
 *
 * @param maxNames how many different tools, resources and prompts have time series of their own;
 *     the others share the name "other"
 */
@ConfigurationProperties("longhaul.metrics")
record MetricsProperties(@DefaultValue("1000") int maxNames) {

  MetricsProperties {
    if (maxNames < 1) {
      throw new IllegalArgumentException(
          "longhaul.metrics.max-names is " + maxNames + "; it must be at least 1");
    }
  }
}
