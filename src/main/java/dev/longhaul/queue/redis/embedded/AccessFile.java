package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * The port and password of a running embedded server, in a file of the data directory, for the
 * commands of the same user. Who can read this file can also read the data beside it.
 */
record AccessFile(int port, String password) {
  private static final String NAME = "longhaul.access";
  private static final String PORT = "port";
  private static final String PASSWORD = "password";

  void writeTo(Path directory) throws IOException {
    Path partial = Files.createTempFile(directory, NAME, ".partial"); // only its owner reads it
    try {
      PrivateFiles.restrict(partial, false);
      Properties content = new Properties();
      content.setProperty(PORT, Integer.toString(port));
      content.setProperty(PASSWORD, password);
      try (var out = Files.newBufferedWriter(partial)) {
        content.store(out, null);
      }
      Files.move(partial, directory.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** Empty when there is none, or it cannot be read. */
  static Optional<AccessFile> readFrom(Path directory) {
    Properties content = new Properties();
    try (var in = Files.newBufferedReader(directory.resolve(NAME))) {
      content.load(in);
      return Optional.of(
          new AccessFile(
              Integer.parseInt(content.getProperty(PORT, "")), content.getProperty(PASSWORD, "")));
    } catch (IOException | IllegalArgumentException notThereOrDamaged) {
      return Optional.empty();
    }
  }

  static void deleteFrom(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(NAME));
  }
}
