package dev.longhaul.cli.check;

import dev.longhaul.queue.ExpectedQueues;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The queues that the settings name; the tools themselves, and what their annotations say, are not
 * loaded. Queues in which jobs wait are looked at besides.
 */
@Configuration(proxyBeanMethods = false)
class CheckedQueues {
  @Bean
  ExpectedQueues longhaulConfiguredQueues(Environment environment) {
    return () -> {
      Set<String> queues = new TreeSet<>();
      queues.add("default");
      Binder settings = Binder.get(environment);
      settings
          .bind("longhaul.tools", Bindable.mapOf(String.class, Object.class))
          .orElse(Map.of())
          .keySet()
          .forEach(tool ->
              settings
                  .bind("longhaul.tools." + tool + ".queue", String.class)
                  .ifBound(queues::add));
      if (environment.getProperty("longhaul.builtin.enabled", Boolean.class, false)) {
        queues.add("cpu"); // profile_dataset
      }
      return queues;
    };
  }
}
