package dev.longhaul.rest.compat;

import dev.longhaul.catalog.OnStart;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The queuemgr API, unless it is switched off. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "longhaul.compat.queuemgr.enabled", matchIfMissing = true)
@EnableConfigurationProperties(QueuemgrProperties.class)
@Import({DefaultTool.class, QueueCommand.class, ExecuteController.class})
public class QueuemgrConfiguration {

  @Bean
  OnStart longhaulQueuemgrDefaultToolCheck(DefaultTool tool) {
    return OnStart.check(tool::check);
  }
}
