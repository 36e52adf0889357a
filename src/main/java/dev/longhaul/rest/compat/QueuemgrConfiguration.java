package dev.longhaul.rest.compat;

import dev.longhaul.catalog.OnStart;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.NamedJobs;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The queuemgr API, unless it is switched off. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "longhaul.compat.queuemgr.enabled", matchIfMissing = true)
@EnableConfigurationProperties(QueuemgrProperties.class)
@Import(ExecuteController.class)
public class QueuemgrConfiguration {

  @Bean
  DefaultTool longhaulQueuemgrDefaultTool(QueuemgrProperties properties, ToolCatalogue tools) {
    return new DefaultTool(properties.defaultTool(), tools);
  }

  @Bean
  OnStart longhaulQueuemgrDefaultToolCheck(DefaultTool tool) {
    return OnStart.check(tool::check);
  }

  @Bean
  QueueCommand longhaulQueueCommand(Intake intake, NamedJobs jobs, DefaultTool defaultTool) {
    return new QueueCommand(intake, jobs, defaultTool);
  }
}
