package dev.longhaul.security;

import dev.longhaul.job.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Refuses to start the application on an address that other machines reach, unless its callers need
 * an access token or the operator has said that they need no authentication. It runs before
 * anything is started. A worker is let pass: it has no front doors, only Actuator's health and
 * metrics. A library is, too: the server is its host's. A management port of its own asks for no
 * token, so that probes and Prometheus reach it; it needs the operator's word.
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
    // Boot would bind a management port of its own to every interface.
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
    if (!environment.containsProperty(SecurityProperties.ISSUER)) {
      check(SERVER, server);
    }
    if (separate) {
      check(MANAGEMENT, environment.getProperty(MANAGEMENT, ""));
    }
  }

  /** As Boot decides it: two ports unless the management port is off or the same. */
  private static boolean hasManagementPort(ConfigurableEnvironment environment) {
    int port = environment.getProperty("management.server.port", Integer.class, -1);
    return port == 0
        || (port > 0 && port != environment.getProperty("server.port", Integer.class, 8080));
  }

  private static void check(String property, String address) {
    if (address.isEmpty() || !isLoopback(address)) {
      throw new UnsafeBindException(property, address);
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
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
