package dev.longhaul.rest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The REST front door.
 *
 * @param maxRequestSize The largest request body that is read; a larger one is refused with 413
 * @param maxResponseSize Of a result that is larger, and not asked for in pages, the first page is
 *     answered; no page is larger; at least 10 kB
 * @param keepAlive How often an event stream on which nothing happens says that it is alive
 */
@ConfigurationProperties("longhaul.rest")
public record RestProperties(
    @DefaultValue("10MB") DataSize maxRequestSize,
    @DefaultValue("10MB") DataSize maxResponseSize,
    @DefaultValue("15s") Duration keepAlive) {
  private static final int LEAST = 10_000;

  public RestProperties {
    if (maxResponseSize.toBytes() < LEAST) {
      throw new IllegalArgumentException(
          "longhaul.rest.max-response-size is "
              + maxResponseSize
              + "; give at least "
              + LEAST
              + " bytes.");
    }
  }
}
