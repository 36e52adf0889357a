package dev.longhaul.queue.redis;

import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The ACL user described in docs/operations.md, for the namespaces of tests. */
public final class DocumentedUser {
  public static final String NAME = "longhaul";
  public static final String PASSWORD = "secret";

  /** Exactly as long as a namespace, so that a pattern permits no more than the documented one. */
  private static final String NAMESPACES =
      TestRedis.namespace().replaceAll("[0-9a-f-]{36}$", "?".repeat(36));

  private static final Path DOCUMENT = Path.of("docs/operations.md");
  private static final Pattern MORE = Pattern.compile("\\+[a-z|]+");

  private DocumentedUser() {}

  /** The user as a line of redis.conf. */
  public static String line() {
    return lines().stream()
        .filter(line -> line.startsWith("user longhaul "))
        .findFirst()
        .orElseThrow()
        .replace(">PASSWORD", ">" + PASSWORD)
        .replace("{lh:default", "{lh:" + NAMESPACES);
  }

  /** The user with the further commands that a cluster needs. */
  static String lineOnCluster() {
    String said =
        lines().stream()
            .filter(line -> line.startsWith("With Cluster add "))
            .findFirst()
            .orElseThrow();
    return line()
        + MORE.matcher(said)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.joining(" ", " ", ""));
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(DOCUMENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
