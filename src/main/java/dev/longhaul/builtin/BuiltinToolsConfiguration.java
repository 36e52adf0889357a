package dev.longhaul.builtin;

import dev.longhaul.builtin.fetch.UrlFetcher;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.HostResolver;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The tools that come with Longhaul. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BuiltinProperties.class)
@ConditionalOnProperty(
    prefix = "longhaul.builtin",
    name = "enabled",
    havingValue = "true",
    matchIfMissing = true)
public class BuiltinToolsConfiguration {
  /** What the queuemgr API runs if nothing else is named. */
  @Bean
  @ConditionalOnBooleanProperty(name = "longhaul.compat.queuemgr.enabled", matchIfMissing = true)
  DemoTool longhaulDemoTool(
      RegisteredTools tools,
      ToolPolicies policies,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new DemoTool(tools, policies, clock, json);
  }

  @Bean
  DatasetTool longhaulDatasetTool(BuiltinProperties properties) {
    return new DatasetTool(properties);
  }

  @Bean
  FetchTool longhaulFetchTool(BuiltinProperties properties) {
    BuiltinProperties.Fetch fetch = properties.fetch();
    return new FetchTool(
        new UrlFetcher(
            HostResolver.SYSTEM, new AddressGuard(), fetch.allowPrivateAddresses(), fetch.limits()),
        fetch.maxUrls());
  }

  @Bean
  TextTools longhaulTextTools(BuiltinProperties properties) {
    return new TextTools(properties);
  }
}
