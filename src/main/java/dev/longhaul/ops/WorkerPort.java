package dev.longhaul.ops;

import dev.longhaul.job.Role;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives a worker a single port: the management port if one is set, else the server's. It serves no
 * requests, so a second server and /v3/api-docs would be empty.
 */
public class WorkerPort implements EnvironmentPostProcessor, Ordered {
  private static final String MANAGEMENT_PORT = "management.server.port";
  private static final String MANAGEMENT_ADDRESS = "management.server.address";
  private static final String SWITCHED_OFF = "-1";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    boolean standalone = environment.getProperty("longhaul.standalone", Boolean.class, false);
    String role = environment.getProperty(Role.PROPERTY, "");
    if (!standalone || !Role.WORKER.name().equalsIgnoreCase(role)) {
      return; // not in a host application
    }
    Map<String, Object> settings = new HashMap<>();
    settings.put("springdoc.api-docs.enabled", "false");
    settings.put("springdoc.swagger-ui.enabled", "false");
    String port = environment.getProperty(MANAGEMENT_PORT, SWITCHED_OFF);
    // Spring Boot does not allow a management address on a shared port; then both servers stay.
    if (!port.equals(SWITCHED_OFF) && !environment.containsProperty(MANAGEMENT_ADDRESS)) {
      settings.put("server.port", port);
    }
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("longhaul worker port", settings));
  }

  /** After the configuration files are read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
