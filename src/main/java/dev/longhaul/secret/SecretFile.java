package dev.longhaul.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets in a file, such as a mounted Kubernetes Secret: one a line; blank lines and lines that
 * begin with {@code #} are none. A changed file is noticed within {@link #FRESH} of its use; one
 * that cannot be read, or has no valid secret, leaves the secrets as they were.
 *
 * @param <T> what the secrets are made into
 */
public final class SecretFile<T> {
  /** How old what is returned may be. */
  public static final Duration FRESH = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(SecretFile.class);
  private static final long LONGEST = 64 << 10;

  private final String setting;
  private final Path path;
  private final Function<List<String>, T> made;
  private List<String> lines = List.of();
  private T current;
  private long read;
  private boolean failing;

  /**
   * Reads the file.
   *
   * @param setting the setting that names it, for messages
   * @param made makes them into what is used; refuses invalid ones by an {@link
   *     IllegalArgumentException} that does not contain them
   * @throws IllegalArgumentException if the file cannot be read or has no valid secret
   */
  public SecretFile(String setting, Path path, Function<List<String>, T> made) {
    this.setting = setting;
    this.path = path;
    this.made = made;
    this.lines = lines();
    this.current = made.apply(lines);
    this.read = System.nanoTime();
  }

  /** What the file holds now. */
  public synchronized T get() {
    if (System.nanoTime() - read > FRESH.toNanos()) {
      reread();
    }
    return current;
  }

  /** Reads the file at once. */
  synchronized void reread() {
    read = System.nanoTime();
    try {
      List<String> now = lines();
      if (!now.equals(lines)) {
        current = made.apply(now);
        lines = now;
        log.info("{} has changed and has {} secrets now", setting, now.size());
      }
      failing = false;
    } catch (IllegalArgumentException e) {
      if (!failing) {
        log.warn("The secrets of {} stay as they were: {}", setting, e.getMessage());
      }
      failing = true;
    }
  }

  // The content and not its date, because a mounted Secret is replaced by a link to another file.
  private List<String> lines() {
    try {
      if (Files.size(path) > LONGEST) {
        throw new IllegalArgumentException(setting + " is larger than 64 KB");
      }
      List<String> found =
          Files.readString(path, StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException(setting + " names a file without a secret: " + path);
      }
      return found;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          setting + " names a file that cannot be read: " + path + " (" + e + ")", e);
    }
  }
}
