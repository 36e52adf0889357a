package dev.longhaul.builtin;

import dev.longhaul.tool.PermanentFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The only directory whose files callers may name. Paths that lead out of it, also by links, are
 * refused.
 */
final class DataDirectory {
  private final Path directory;

  DataDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Finds a file.
   *
   * @param path relative to the directory
   * @throws PermanentFailureException if there is no such file in it
   */
  Path resolve(String path) {
    Path root = root();
    Path real;
    try {
      Path wanted = Path.of(path);
      if (wanted.isAbsolute()) {
        throw outside(path);
      }
      Path joined = root.resolve(wanted).normalize();
      if (!joined.startsWith(root)) {
        throw outside(path);
      }
      real = joined.toRealPath();
    } catch (IOException | InvalidPathException e) {
      throw missing(path);
    }
    if (!real.startsWith(root)) {
      throw outside(path);
    }
    // Refuses pipes and devices, which may never end.
    if (!Files.isRegularFile(real)) {
      throw new PermanentFailureException(
          "'path' is '"
              + path
              + "', which is not a file. Give the path of one CSV or JSON-lines"
              + " file.");
    }
    return real;
  }

  private Path root() {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw new PermanentFailureException(
          "This server has no data directory. Give the data itself as 'content', or ask the"
              + " operator to set longhaul.builtin.data-directory to an existing directory.");
    }
  }

  private static PermanentFailureException outside(String path) {
    return new PermanentFailureException(
        "'path' is '"
            + path
            + "', which leads out of the data directory. Give a path relative to it, such as"
            + " shipments.csv.");
  }

  private static PermanentFailureException missing(String path) {
    return new PermanentFailureException(
        "'path' is '"
            + path
            + "', and there is no such file in the data directory. Check the name, or give the"
            + " data itself as 'content'.");
  }
}
