package dev.longhaul.security;

import dev.longhaul.job.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * Refuses to start the application on an address that other machines can reach, unless callers need
 * an access token or API key, or the operator has allowed unauthenticated callers. It runs before
 * anything is started. Workers are exempt, since they serve only health and metrics, and so are
 * host applications, which own their server. A separate management port requires no credentials, so
 * that probes and Prometheus can reach it; it needs the operator's permission too.
 */
public class BindAddressCheck implements EnvironmentPostProcessor, Ordered {
  private static final String SERVER = "server.address";
  private static final String MANAGEMENT = "management.server.address";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    if (!Standalone.is(environment)) {
      return;
    }
    String server = environment.getProperty(SERVER, "");
    boolean separate = hasManagementPort(environment);
    // Boot would bind a separate management port to every interface.
    if (separate && !server.isEmpty() && !environment.containsProperty(MANAGEMENT)) {
      environment
          .getPropertySources()
          .addLast(
              new MapPropertySource("longhaul management address", Map.of(MANAGEMENT, server)));
    }
    boolean worker =
        Role.WORKER.name().equalsIgnoreCase(environment.getProperty(Role.PROPERTY, ""));
    boolean allowed =
        environment.getProperty(SecurityProperties.ALLOW_UNAUTHENTICATED, Boolean.class, false);
    if (worker || allowed) {
      return;
    }
    if (!Authentication.isRequired(environment)) {
      check(SERVER, server);
    }
    if (separate) {
      check(MANAGEMENT, environment.getProperty(MANAGEMENT, ""));
    }
  }

  /** Whether the management port differs from the server's, as Spring Boot decides it. */
  public static boolean hasManagementPort(Environment environment) {
    int port = environment.getProperty("management.server.port", Integer.class, -1);
    return port == 0
        || (port > 0 && port != environment.getProperty("server.port", Integer.class, 8080));
  }

  private static void check(String property, String address) {
    if (!isLoopback(address)) {
      throw new UnsafeBindException(property, address);
    }
  }

  /** Whether only this machine reaches an address; an empty one stands for all. */
  public static boolean isLoopback(String address) {
    try {
      return !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** After the configuration files are read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
