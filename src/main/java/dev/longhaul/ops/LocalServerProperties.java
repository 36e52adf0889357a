package dev.longhaul.ops;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A server for one user's clients on one machine.
 *
 * @param idleStop how long nobody is connected and there is no job until the application stops by
 *     itself; by default it never does. A client that starts it by the command stdio starts it
 *     again. A health check or a scrape of metrics counts as a connection. It needs
 *     server.tomcat.max-connections, which the application has
 * @param stdio what the command stdio sets for the server that it starts
 */
@ConfigurationProperties("longhaul")
public record LocalServerProperties(@Nullable Duration idleStop, @DefaultValue Stdio stdio) {
  /** The property that names the file with the address. */
  static final String ADDRESS_FILE = "longhaul.stdio.address-file";

  /** The property that stops an idle server. */
  static final String IDLE_STOP = "longhaul.idle-stop";

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  public LocalServerProperties {
    if (idleStop != null && idleStop.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          IDLE_STOP + " must be at least 1s; leave it out and the server never stops by itself");
    }
  }

  /**
   * What the command stdio sets for the server that it starts.
   *
   * @param addressFile the file in which the application writes where it serves MCP, when it is
   *     ready; set by the command stdio
   */
  public record Stdio(@Nullable Path addressFile) {}
}
