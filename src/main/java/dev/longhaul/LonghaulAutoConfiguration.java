package dev.longhaul;

import dev.longhaul.builtin.BuiltinToolsConfiguration;
import dev.longhaul.catalog.CatalogConfiguration;
import dev.longhaul.events.EventsConfiguration;
import dev.longhaul.gateway.GatewayConfiguration;
import dev.longhaul.intake.IntakeConfiguration;
import dev.longhaul.load.LoadConfiguration;
import dev.longhaul.mcp.McpConfiguration;
import dev.longhaul.notify.NotificationConfiguration;
import dev.longhaul.ops.OpsConfiguration;
import dev.longhaul.queue.QueueConfiguration;
import dev.longhaul.redis.RedisConfiguration;
import dev.longhaul.rest.RestConfiguration;
import dev.longhaul.secret.EncryptionConfiguration;
import dev.longhaul.security.SecurityConfiguration;
import dev.longhaul.worker.WorkerConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/** Puts the rooms together; each room configures itself. */
@AutoConfiguration
@Import({
  SecurityConfiguration.class,
  EncryptionConfiguration.class,
  LoadConfiguration.class,
  RedisConfiguration.class,
  QueueConfiguration.class,
  CatalogConfiguration.class,
  BuiltinToolsConfiguration.class,
  GatewayConfiguration.class,
  IntakeConfiguration.class,
  NotificationConfiguration.class,
  WorkerConfiguration.class,
  EventsConfiguration.class,
  McpConfiguration.class,
  RestConfiguration.class,
  OpsConfiguration.class
})
public class LonghaulAutoConfiguration {}
