package dev.longhaul.ops;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Logs the application's URLs when it is ready. */
final class ReadyMessage implements ApplicationListener<ApplicationReadyEvent> {
  private static final Logger log = LoggerFactory.getLogger(ReadyMessage.class);

  private final Environment environment;

  ReadyMessage(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    String port = environment.getProperty("local.server.port");
    if (port != null) {
      String base = "http://localhost:" + port;
      log.info(
          "Longhaul is ready: MCP at {}{}, REST at {}{}, described at {}/swagger-ui.html",
          base,
          environment.getProperty("longhaul.mcp.path", "/mcp"),
          base,
          environment.getProperty("longhaul.rest.path", "/api/v1"),
          base);
    }
  }
}
