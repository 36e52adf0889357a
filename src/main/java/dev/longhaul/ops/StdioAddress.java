package dev.longhaul.ops;

import dev.longhaul.relay.AddressFile;
import dev.longhaul.relay.Build;
import dev.longhaul.relay.StartedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Writes where MCP is served, for the command stdio, when the application is ready. */
final class StdioAddress implements ApplicationListener<ApplicationReadyEvent> {
  private final Path file;
  private final Environment environment;

  StdioAddress(Path file, Environment environment) {
    this.file = file;
    this.environment = environment;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    String url =
        "http://127.0.0.1:"
            + environment.getRequiredProperty("local.server.port")
            + environment.getProperty("server.servlet.context-path", "")
            + environment.getProperty("longhaul.mcp.path", "/mcp");
    try {
      new AddressFile(StartedProcess.of(ProcessHandle.current()), URI.create(url), Build.name())
          .writeTo(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          LocalServerProperties.ADDRESS_FILE + " cannot be written: " + file, e);
    }
  }
}
