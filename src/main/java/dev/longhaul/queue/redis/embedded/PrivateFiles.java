package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes files that only their owner can read. Without POSIX permissions those of the directory
 * apply.
 */
final class PrivateFiles {
  private PrivateFiles() {}

  static Path createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return directory;
    }
    Files.createDirectories(directory);
    restrict(directory, true);
    return directory;
  }

  static void restrict(Path path, boolean executable) throws IOException {
    var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
    }
  }
}
