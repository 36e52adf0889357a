package dev.longhaul.queue;

import dev.longhaul.queue.redis.RedisQueueConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the durable queue. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FlowProperties.class, ResultProperties.class})
@Import(RedisQueueConfiguration.class)
public class QueueConfiguration {}
