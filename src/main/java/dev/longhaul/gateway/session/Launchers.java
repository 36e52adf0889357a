package dev.longhaul.gateway.session;

import dev.longhaul.gateway.config.Connection;
import java.util.Locale;
import java.util.Set;

/** Programs that download a server before they start it. */
final class Launchers {
  private static final Set<String> NAMES =
      Set.of(
          "npx", "npm", "pnpx", "pnpm", "yarn", "bunx", "bun", "deno", "uvx", "uv", "pipx",
          "docker", "podman");

  private Launchers() {}

  /** Whether the first start of a command may take as long as a download. */
  static boolean mayDownload(Connection connection) {
    if (!(connection instanceof Connection.Command command)) {
      return false;
    }
    String program = command.command().getFirst();
    String name =
        program.substring(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1);
    return NAMES.contains(name.toLowerCase(Locale.ROOT).replaceFirst("\\.(cmd|exe)$", ""));
  }
}
