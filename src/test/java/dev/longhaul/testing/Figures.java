package dev.longhaul.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the measurements of chaos tests: logs them, and appends them as table rows to {@code
 * target/chaos/<test>.md}, from which {@code make chaos} generates docs/reliability.md.
 */
public final class Figures {
  private static final Logger log = LoggerFactory.getLogger(Figures.class);

  /** Whether this is a long run ({@code make chaos}). */
  public static final boolean LONG = Boolean.getBoolean("longhaul.chaos.long");

  private Figures() {}

  /** The number of repetitions: a few in every build, more in a long run. */
  public static int rounds(int few, int many) {
    return LONG ? Integer.getInteger("longhaul.chaos.rounds", many) : few;
  }

  /**
   * Writes one row.
   *
   * @param test the name of the test, by which rows are grouped
   */
  public static void row(String test, String what, Object value) {
    log.info("{}: {} = {}", test, what, value);
    if (LONG) {
      try {
        Path directory = Files.createDirectories(Path.of("target", "chaos"));
        Files.writeString(
            directory.resolve(test + ".md"),
            "| " + what + " | " + value + " |\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
