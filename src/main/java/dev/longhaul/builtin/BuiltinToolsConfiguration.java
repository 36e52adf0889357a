package dev.longhaul.builtin;

import de.siegmar.fastcsv.reader.CsvReader;
import dev.longhaul.builtin.fetch.UrlFetcher;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ToolPolicies;
import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.HostResolver;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.hc.client5.http.classic.HttpClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The beans of the built-in tools. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BuiltinProperties.class)
@ConditionalOnBooleanProperty("longhaul.builtin.enabled")
public class BuiltinToolsConfiguration {
  /** The tool that the queuemgr API runs by default. */
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
  TextTools longhaulTextTools(BuiltinProperties properties) {
    return new TextTools(properties);
  }

  /** Only if its libraries are present; they are optional for a host application. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({CsvReader.class, KllDoublesSketch.class})
  static class Dataset {
    @Bean
    DatasetTool longhaulDatasetTool(BuiltinProperties properties) {
      return new DatasetTool(properties);
    }
  }

  /** Only if its HTTP client is present; it is optional for a host application. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HttpClient.class)
  static class Fetch {
    @Bean
    FetchTool longhaulFetchTool(
        BuiltinProperties properties, ObjectProvider<ObservationRegistry> observations) {
      BuiltinProperties.Fetch fetch = properties.fetch();
      return new FetchTool(
          new UrlFetcher(
              HostResolver.SYSTEM,
              new AddressGuard(),
              fetch.allowPrivateAddresses(),
              fetch.limits(),
              observations.getIfAvailable(() -> ObservationRegistry.NOOP)),
          fetch.maxUrls());
    }
  }
}
