package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Simulates a full disk for one Redis only. */
final class FullDisk {
  private FullDisk() {}

  /**
   * Creates a program that runs the real server.
   *
   * @param directory the directory of the program
   * @param full while this file exists, the disk is full for the server
   */
  static Path program(Path directory, Path full) throws IOException {
    Path real = RedisPrograms.bundled(Files.createDirectory(directory.resolve("bin")));
    Path program = directory.resolve("redis-server");
    // With a file size limit of 0 every write fails as on a full disk, and no privilege is needed.
    Files.writeString(
        program,
        """
        #!/bin/sh
        if [ -e '%s' ] && [ "$1" != "--version" ]; then ulimit -f 0; fi
        exec '%s' "$@"
        """
            .formatted(full, real));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }
}
