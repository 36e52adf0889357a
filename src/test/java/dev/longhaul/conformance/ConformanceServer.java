package dev.longhaul.conformance;

import dev.longhaul.LonghaulApplication;
import java.util.stream.Stream;

/**
 * Longhaul with the tools, resources and prompts the conformance suite calls for, found in their
 * package as those of any jar are (profile {@code conformance}). {@code make conformance-server
 * PORT=n} runs it.
 */
public final class ConformanceServer {
  private ConformanceServer() {}

  public static void main(String[] args) {
    LonghaulApplication.main(
        Stream.concat(Stream.of("--spring.profiles.active=conformance"), Stream.of(args))
            .toArray(String[]::new));
  }
}
