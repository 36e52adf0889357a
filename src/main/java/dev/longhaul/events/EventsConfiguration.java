package dev.longhaul.events;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.queue.JobQueue;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans for application events, in every role. */
@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {

  @Bean
  EventThread longhaulEventThread(ApplicationContext context) {
    return new EventThread(context);
  }

  @Bean
  JobEventPublisher longhaulJobEvents(
      ApplicationContext context, JobQueue queue, ToolCatalogue tools, EventThread thread) {
    return new JobEventPublisher(context, new Listeners(context), queue, tools, thread);
  }
}
