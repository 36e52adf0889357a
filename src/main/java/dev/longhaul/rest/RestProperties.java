package dev.longhaul.rest;

import dev.longhaul.security.ServedPaths;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The REST front door.
 *
 * @param path Where the REST API is served, below the path of Spring MVC
 * @param openapi Whether springdoc's document describes it
 * @param maxRequestSize The largest request body that is read; a larger one is refused with 413
 * @param maxResponseSize The largest response with a result: of a larger result the first page is
 *     sent, unless the request asks for another; at least 10 kB
 * @param keepAlive The time between two keep-alive comments on an event stream
 */
@ConfigurationProperties("longhaul.rest")
public record RestProperties(
    @DefaultValue("/api/v1") String path,
    @DefaultValue OpenApi openapi,
    @DefaultValue("10MB") DataSize maxRequestSize,
    @DefaultValue("10MB") DataSize maxResponseSize,
    @DefaultValue("15s") Duration keepAlive) {

  /**
   * The description of this front door, where springdoc is among the dependencies.
   *
   * @param enabled Whether springdoc's document describes the REST API: in the application unless
   *     it is set to false, as a library only if it is set to true
   */
  public record OpenApi(@DefaultValue("false") boolean enabled) {}

  private static final int LEAST = 10_000;

  public RestProperties {
    if (!ServedPaths.isPlain(path)) {
      throw new IllegalArgumentException(
          "longhaul.rest.path is \""
              + path
              + "\"; it must start with / and not end with it, such as /api/v1, and have only"
              + " letters, digits and -._~ besides.");
    }
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
