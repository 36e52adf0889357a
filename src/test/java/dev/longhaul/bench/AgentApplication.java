package dev.longhaul.bench;

import dev.longhaul.catalog.RegisteredPrimitives;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.queue.QueueConfiguration;
import dev.longhaul.redis.RedisConfiguration;
import dev.longhaul.worker.WorkerConfiguration;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** Longhaul's queue and worker as in the application, with all defaults. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(DataRedisAutoConfiguration.class)
@Import({RedisConfiguration.class, QueueConfiguration.class, WorkerConfiguration.class})
class AgentApplication {

  /**
   * Starts it.
   *
   * @param settings further settings, such as {@code --spring.data.redis.url}
   */
  static ConfigurableApplicationContext start(String... settings) {
    var application = new SpringApplication(AgentApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    Stream<String> own =
        Stream.of(
            "--spring.main.banner-mode=off",
            "--longhaul.namespace=bench",
            "--longhaul.role=all",
            "--logging.level.root=warn");
    return application.run(Stream.concat(own, Stream.of(settings)).toArray(String[]::new));
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  JsonMapper mcpServerJsonMapper() {
    return JsonMapper.builder().build();
  }

  @Bean
  ToolRunner toolRunner(JsonMapper json) {
    return new ToolRunner(json);
  }

  @Bean
  BenchTools benchTools() {
    return new BenchTools();
  }

  @Bean
  ServedMethods methods(RegisteredTools tools) {
    return new ServedMethods(tools, new RegisteredPrimitives(), Duration.ofMinutes(1), 100);
  }

  @Bean
  RegisteredTools tools(BenchTools tools) {
    return tools.registered();
  }
}
