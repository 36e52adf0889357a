package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Files only their owner may read. Where there are no POSIX permissions, the directory's apply. */
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

  /** Replaces {@code file} in one step, so that a crash leaves the old content or the new. */
  static void write(Path file, String content) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    // createTempFile makes it 0600 from the start.
    var partial = Files.createTempFile(parent, String.valueOf(file.getFileName()), ".partial");
    try {
      Files.writeString(partial, content);
      restrict(partial, false);
      Files.move(
          partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  static void restrict(Path path, boolean executable) throws IOException {
    var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
    }
  }
}
