package dev.longhaul.ops.production;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.production.ProductionCheck;
import dev.longhaul.queue.ExpectedQueues;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The production check of a running server. */
@Configuration(proxyBeanMethods = false)
@Import(SettingsCheckConfiguration.class)
public class ProductionCheckConfiguration {
  @Bean
  ProductionCheckEndpoint longhaulProductionCheckEndpoint(ObjectProvider<ProductionCheck> checks) {
    return new ProductionCheckEndpoint(checks);
  }

  @Bean
  ExpectedQueues longhaulToolQueues(ToolCatalogue tools) {
    return () -> {
      Set<String> queues = new TreeSet<>();
      queues.add(ToolPolicy.DEFAULT_QUEUE);
      tools.all().forEach(tool -> queues.add(tool.policy().queue()));
      return queues;
    };
  }
}
