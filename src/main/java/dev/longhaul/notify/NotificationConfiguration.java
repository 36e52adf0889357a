package dev.longhaul.notify;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.RestPath;
import dev.longhaul.outbound.AddressGuard;
import dev.longhaul.outbound.HostResolver;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.apache.hc.client5.http.classic.HttpClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The beans for notifications: API processes validate requested channels, workers deliver. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationProperties.class)
public class NotificationConfiguration {
  private final NotificationProperties settings;

  NotificationConfiguration(NotificationProperties settings) {
    this.settings = settings;
  }

  @Bean
  Channels longhaulNotificationChannels(ObjectProvider<NotificationChannel> beans) {
    return new Channels(beans::orderedStream);
  }

  @Bean
  CheckedNotificationTerms longhaulNotificationTerms(Channels channels) {
    return new CheckedNotificationTerms(
        settings, channels, new CallbackUrls(settings.webhook(), new AddressGuard()));
  }

  /** Only with the HTTP client, which is optional in a host application. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HttpClient.class)
  static class Webhooks {
    @Bean
    WebhookChannel longhaulWebhookChannel(
        NotificationProperties settings,
        ObjectProvider<HostResolver> hosts,
        ObjectProvider<ObservationRegistry> observations,
        Clock clock,
        @Qualifier("mcpServerJsonMapper") JsonMapper json) {
      var guard = new AddressGuard();
      return new WebhookChannel(
          settings,
          new CallbackUrls(settings.webhook(), guard),
          hosts.getIfAvailable(() -> HostResolver.SYSTEM),
          guard,
          observations.getIfAvailable(() -> ObservationRegistry.NOOP),
          clock,
          json);
    }
  }

  @Bean
  EventChannel longhaulEventChannel(ApplicationEventPublisher events) {
    return new EventChannel(events);
  }

  @Bean
  LogChannel longhaulLogChannel() {
    return new LogChannel();
  }

  @Bean
  DeliveryTool longhaulDeliveryTool(
      RegisteredTools tools,
      Channels channels,
      JobQueue jobs,
      FlowQueue flows,
      NotificationQueue entries,
      ApplicationEventPublisher events,
      @Value("${longhaul.mcp.public-url:}") String publicUrl,
      @Value(RestPath.CONFIGURED) String restPath,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    String baseUrl =
        publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl;
    var payloads =
        new Payloads(jobs, flows, baseUrl + restPath, settings.maxResult().toBytes(), json);
    var delivery = new DeliveryTool(channels, payloads, entries, events, settings, clock, json);
    tools.registerHidden(delivery.tool());
    return delivery;
  }
}
