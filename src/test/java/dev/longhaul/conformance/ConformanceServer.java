package dev.longhaul.conformance;

import dev.longhaul.LonghaulApplication;
import java.util.stream.Stream;

/**
 * Longhaul with the tools, resources and prompts that the conformance suite requires, which are
 * found in their package like those of any jar (profile {@code conformance}). {@code make
 * conformance-server PORT=n} runs it.
 */
public final class ConformanceServer {
  private ConformanceServer() {}

  public static void main(String[] args) {
    LonghaulApplication.main(
        Stream.concat(Stream.of("--spring.profiles.active=conformance"), Stream.of(args))
            .toArray(String[]::new));
  }
}
