package dev.longhaul.mcp;

import dev.longhaul.LonghaulAutoConfiguration;
import dev.longhaul.catalog.RedisChanges;
import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.SubscribedResources;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.load.LoadConfiguration;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.RedisConfiguration;
import dev.longhaul.thread.CoarseTimer;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Only the MCP front door, with a real web server and Redis, and an intake in memory. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = LonghaulAutoConfiguration.class)
@Import({LoadConfiguration.class, RedisConfiguration.class, McpConfiguration.class})
class McpTestApplication {
  /** The caller is named by a header of the request. */
  @Bean
  CallerResolver callers() {
    return request -> {
      String name = request.getHeader("Test-Caller");
      return name == null ? Caller.LOCAL : new Caller(name);
    };
  }

  @Bean
  FakeIntake intake() {
    return new FakeIntake();
  }

  @Bean
  HeldCallsInMemory heldCalls() {
    return new HeldCallsInMemory();
  }

  @Bean
  RedisChanges changes(
      ObjectProvider<Channels> channels, @Value("${longhaul.namespace:default}") String namespace) {
    return new RedisChanges(channels, namespace);
  }

  @Bean
  SubscribedResources subscribedResources() {
    return new SubscribedResources();
  }

  @Bean(destroyMethod = "close")
  CoarseTimer timer() {
    return new CoarseTimer("test-timer");
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  FakeTools tools() {
    return new FakeTools();
  }

  @Bean
  RegisteredPrimitives primitives() {
    return FakePrimitives.registered();
  }
}
