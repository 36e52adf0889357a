package dev.longhaul.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is written, before references are filled in and anything is checked.
 *
 * @param command the program and its arguments; empty for none
 * @param variables fills in its references
 * @param problem why it cannot be used whatever it says, or null
 */
record RawEntry(
    String name,
    String source,
    @Nullable String type,
    List<String> command,
    Map<String, String> env,
    @Nullable String envFile,
    @Nullable String cwd,
    @Nullable String url,
    Map<String, String> headers,
    boolean off,
    Variables variables,
    @Nullable String problem) {

  /** An entry that cannot be used. */
  static RawEntry wrong(String name, String source, Variables variables, String problem) {
    return new RawEntry(
        name, source, null, List.of(), Map.of(), null, null, null, Map.of(), false, variables,
        problem);
  }

  /** The entry of settings. */
  static RawEntry of(String name, String source, UpstreamSettings settings, Variables variables) {
    return new RawEntry(
        name,
        source,
        settings.transport(),
        settings.command() == null ? List.of() : command(settings.command(), settings.args()),
        orElse(settings.env(), Map.of()),
        settings.envFile(),
        settings.cwd(),
        settings.url(),
        orElse(settings.headers(), Map.of()),
        false,
        variables,
        null);
  }

  private static List<String> command(String program, @Nullable List<String> args) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(orElse(args, List.of()));
    return command;
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  /** Without values, which may be secrets. */
  @Override
  public String toString() {
    return "RawEntry[" + name + "]";
  }
}
