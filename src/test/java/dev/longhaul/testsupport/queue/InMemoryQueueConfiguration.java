package dev.longhaul.testsupport.queue;

import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.RedisQueueProperties;
import dev.longhaul.tool.Changes;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the queue in memory in place of the one on Redis, for tests of an application without its
 * web front doors: {@code @SpringBootTest(webEnvironment = NONE)} with
 * {@code @Import(InMemoryQueueConfiguration.class)}. Jobs are dispatched, run and read as ever; no
 * Redis is asked. A {@code TestClock} bean of the test is the queue's clock as well.
 *
 * <p>The MCP front door keeps its sessions and streams in Redis, so a test of the whole application
 * wants {@code @LonghaulTest}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  RedisQueueProperties.class,
  ResultProperties.class,
  FlowProperties.class
})
public class InMemoryQueueConfiguration {

  @Bean
  InMemoryQueue longhaulInMemoryQueue(
      Clock clock,
      RedisQueueProperties properties,
      ResultProperties results,
      FlowProperties flows) {
    return new InMemoryQueue(clock, properties.queue(), results, flows);
  }

  @Bean
  JobQueue longhaulJobQueue(InMemoryQueue queue) {
    return queue.jobs();
  }

  @Bean
  WorkQueue longhaulWorkQueue(InMemoryQueue queue) {
    return queue.work();
  }

  @Bean
  FlowQueue longhaulFlowQueue(InMemoryQueue queue) {
    return queue.flows();
  }

  @Bean
  QueueAdmin longhaulQueueAdmin(InMemoryQueue queue) {
    return queue.admin();
  }

  @Bean
  NotificationQueue longhaulNotificationQueue(InMemoryQueue queue) {
    return queue.notifications();
  }

  @Bean
  AnswerStore longhaulAnswerStore(InMemoryQueue queue) {
    return queue.answers();
  }

  @Bean
  Changes longhaulChanges() {
    return new LocalChanges();
  }
}
