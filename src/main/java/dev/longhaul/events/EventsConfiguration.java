package dev.longhaul.events;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.queue.JobQueue;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans for application events of jobs, in every role. */
@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {

  @Bean
  JobEventPublisher longhaulJobEvents(
      ApplicationContext context, JobQueue queue, ToolCatalogue tools) {
    return new JobEventPublisher(context, new Listeners(context), queue, tools);
  }
}
