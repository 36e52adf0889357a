package dev.longhaul.gateway.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Recognises this server among upstreams: files of clients name it, and a server that calls itself
 * would never end.
 *
 * @param port the port of its web server, 0 if it has none
 */
record Ourselves(int port) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.*\\.localhost|127\\.[0-9.]+|0\\.0\\.0\\.0|\\[?::1]?|\\[?::]?");
  private static final Pattern JAR = Pattern.compile("longhaul[^/\\\\]*\\.jar");

  boolean are(Connection connection) {
    return switch (connection) {
      case Connection.Url url -> isOurs(url.url());
      case Connection.Command command -> isDoor(command.command());
    };
  }

  private boolean isOurs(URI url) {
    int to =
        url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    return port > 0
        && to == port
        && LOOPBACK.matcher(url.getHost().toLowerCase(Locale.ROOT)).matches();
  }

  /** {@code java -jar …/longhaul.jar stdio}, or a program longhaul with that argument. */
  private static boolean isDoor(List<String> command) {
    return command.contains("stdio")
        && command.stream()
            .map(argument -> argument.substring(argument.lastIndexOf('/') + 1))
            .anyMatch(name -> name.equals("longhaul") || JAR.matcher(name).matches());
  }
}
