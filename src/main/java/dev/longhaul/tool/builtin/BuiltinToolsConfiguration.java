package dev.longhaul.tool.builtin;

import dev.longhaul.tool.RegisteredTools;
import dev.longhaul.tool.ToolPolicies;
import dev.longhaul.tool.builtin.fetch.UrlFetcher;
import dev.longhaul.tool.outbound.AddressGuard;
import dev.longhaul.tool.outbound.HostResolver;
import java.time.Clock;
import java.util.Set;
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
  /** Tools that are quicker than a way through the queue. */
  public static final Set<String> INLINE_TOOLS =
      Set.of("compute_hash", "compress_data", "get_concurrency_status");

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
