package dev.longhaul.mcp;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The whole application several times on one Redis, as behind a load balancer that knows nothing.
 */
final class Replicas implements AutoCloseable {
  private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();
  private final List<McpHttp> doors = new ArrayList<>();
  private final String namespace = TestRedis.namespace();
  private final Class<?> tools;
  private int turn;

  /**
   * @param tools a configuration with the tools to serve
   */
  Replicas(int count, Class<?> tools, String... settings) {
    this.tools = tools;
    for (int i = 0; i < count; i++) {
      start(settings);
    }
  }

  /** Starts one more, with settings of its own. */
  void start(String... settings) {
    List<String> arguments = new ArrayList<>(Arrays.asList(settings));
    arguments.add("--server.port=0");
    arguments.add("--server.address=127.0.0.1");
    arguments.add("--spring.threads.virtual.enabled=true");
    arguments.add("--spring.data.redis.url=" + TestRedis.url());
    arguments.add("--longhaul.standalone=true");
    arguments.add("--longhaul.namespace=" + namespace);
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(LonghaulApplication.class, tools)
            .run(arguments.toArray(String[]::new));
    contexts.add(context);
    doors.add(
        new McpHttp(
            context.getEnvironment().getRequiredProperty("local.server.port", Integer.class)));
  }

  /** One of them, each time the next. */
  McpHttp next() {
    return doors.get(turn++ % doors.size());
  }

  /** That one. */
  McpHttp get(int number) {
    return doors.get(number);
  }

  /** A part of that one. */
  <T> T bean(int number, Class<T> type) {
    return contexts.get(number).getBean(type);
  }

  /** Stops that one in an orderly way. */
  void stop(int number) {
    contexts.get(number).close();
  }

  @Override
  public void close() {
    contexts.forEach(ConfigurableApplicationContext::close);
  }
}
