package dev.longhaul.queue.redis.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A disk that is full for a Redis, and for nobody else. */
final class FullDisk {
  private FullDisk() {}

  /**
   * A program that runs the real server.
   *
   * @param directory where it is to be
   * @param full while this file exists the server finds no room for its own
   */
  static Path program(Path directory, Path full) throws IOException {
    Path real = RedisPrograms.bundled(Files.createDirectory(directory.resolve("bin")));
    Path program = directory.resolve("redis-server");
    // A limit of no bytes a file is a full disk to whoever writes, and needs no privilege.
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
