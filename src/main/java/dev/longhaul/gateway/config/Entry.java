package dev.longhaul.gateway.config;

import org.jspecify.annotations.Nullable;

/**
 * One configured upstream, usable or not.
 *
 * @param name its name; that of the file for a file that could not be read
 * @param source where it is configured: a file, or {@code longhaul.upstreams}
 * @param config null if it cannot be used
 * @param state whether it is used
 * @param reason why it is not used, with the field and the remedy, without secrets; else null
 */
public record Entry(
    String name,
    String source,
    @Nullable UpstreamConfig config,
    State state,
    @Nullable String reason) {

  /** Whether an entry is used. */
  public enum State {
    USED,
    /** The operator switched it off. */
    OFF,
    /** It is wrong. */
    INVALID,
    /** It is this server itself. */
    ITSELF
  }

  static Entry used(UpstreamConfig config, String source) {
    return new Entry(config.name(), source, config, State.USED, null);
  }

  static Entry invalid(String name, String source, String reason) {
    return new Entry(name, source, null, State.INVALID, reason);
  }
}
