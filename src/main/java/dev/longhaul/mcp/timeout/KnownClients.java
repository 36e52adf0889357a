package dev.longhaul.mcp.timeout;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The time-outs of well-known clients, from {@code mcp/known-clients.json}. */
public final class KnownClients {
  private static final String RESOURCE = "/mcp/known-clients.json";

  private KnownClients() {}

  /** The time-outs by client name. */
  public static ClientNames<Duration> limits() {
    try (InputStream data = KnownClients.class.getResourceAsStream(RESOURCE)) {
      if (data == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the class path");
      }
      Map<String, Duration> limits = new HashMap<>();
      for (JsonNode client : JsonMapper.shared().readTree(data).path("clients")) {
        limits.put(
            client.path("name").asString(), Duration.ofSeconds(client.path("seconds").asLong()));
      }
      return new ClientNames<>(limits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
