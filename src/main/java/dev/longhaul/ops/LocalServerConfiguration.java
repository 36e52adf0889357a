package dev.longhaul.ops;

import dev.longhaul.job.Role;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.thread.Threads;
import java.util.Objects;
import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The application as a server for one user's clients on one machine. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("longhaul.standalone")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(TomcatWebServer.class)
@ConditionalOnExpression(Role.IF_FRONT_DOORS)
@EnableConfigurationProperties(LocalServerProperties.class)
class LocalServerConfiguration {
  @Bean
  @ConditionalOnProperty(LocalServerProperties.ADDRESS_FILE)
  StdioAddress longhaulStdioAddress(LocalServerProperties properties, Environment environment) {
    return new StdioAddress(Objects.requireNonNull(properties.stdio().addressFile()), environment);
  }

  @Bean
  @ConditionalOnProperty(LocalServerProperties.IDLE_STOP)
  IdleStop longhaulIdleStop(
      LocalServerProperties properties,
      ServletWebServerApplicationContext context,
      JobQueue queue) {
    return new IdleStop(
        Objects.requireNonNull(properties.idleStop()),
        () -> connections(context),
        queue::depths,
        System::nanoTime,
        // Not in the timer's thread, which is a bean's and would wait for itself.
        () ->
            Threads.lasting(
                "longhaul-idle-exit", () -> System.exit(SpringApplication.exit(context))));
  }

  /** Tomcat counts the connection that it waits for too, and nothing if it has no limit. */
  private static long connections(ServletWebServerApplicationContext context) {
    long counted =
        context.getWebServer() instanceof TomcatWebServer server
                && server.getTomcat().getConnector().getProtocolHandler()
                    instanceof AbstractProtocol<?> protocol
            ? protocol.getConnectionCount()
            : -1;
    return counted < 0 ? 1 : Math.max(0, counted - 1);
  }
}
