package dev.longhaul.mcp;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Several processes of the whole application on one Redis, as behind a load balancer without sticky
 * sessions.
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

  /** Starts another process with further settings. */
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

  /** A client for the next process, in turn. */
  McpHttp next() {
    return doors.get(turn++ % doors.size());
  }

  /** A client for a process. */
  McpHttp get(int number) {
    return doors.get(number);
  }

  /** A bean of a process. */
  <T> T bean(int number, Class<T> type) {
    return contexts.get(number).getBean(type);
  }

  /** Shuts a process down in an orderly way. */
  void stop(int number) {
    contexts.get(number).close();
  }

  @Override
  public void close() {
    contexts.forEach(ConfigurableApplicationContext::close);
  }
}
