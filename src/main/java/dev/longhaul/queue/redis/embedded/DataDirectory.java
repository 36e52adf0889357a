package dev.longhaul.queue.redis.embedded;

import dev.longhaul.queue.redis.check.RedisVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** The data directory, locked against other processes. */
final class DataDirectory implements Closeable {
  private static final String LOCK_FILE = "longhaul.lock";
  private static final int MULTI_PART_AOF_SINCE_MAJOR = 7;

  /** A byte beyond the text, because some systems do not let other processes read locked bytes. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /**
   * Directories locked by this JVM. Checked before the file is opened, because on POSIX systems
   * closing any channel of a file releases all locks that the process has on it.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates the directory if needed and locks it.
   *
   * @throws EmbeddedRedisException when another process has locked it, or it cannot be used
   */
  static DataDirectory take(Path configured) {
    try {
      var path = PrivateFiles.createDirectory(configured).toRealPath();
      synchronized (HELD) {
        if (!HELD.add(path)) {
          throw heldBy(ProcessHandle.current().pid() + " (this one)", path);
        }
        try {
          return new DataDirectory(path, lock(path));
        } catch (IOException | RuntimeException e) {
          HELD.remove(path);
          throw e;
        }
      }
    } catch (IOException e) {
      throw unusable(configured, e);
    }
  }

  Path path() {
    return path;
  }

  Path logFile() {
    return path.resolve("redis.log");
  }

  /**
   * Refuses to start a server that is too old to read the data and would start empty.
   *
   * @throws EmbeddedRedisException when the data was written by Redis 7 and the program is 6.2
   */
  void refuseIfNewerThan(ServerProgram program) {
    if (program.version().major() < MULTI_PART_AOF_SINCE_MAJOR
        && Files.isDirectory(path.resolve("appendonlydir"))) {
      throw new EmbeddedRedisException(
          "The data in "
              + path
              + " was written by Redis 7 or newer, and "
              + program.label()
              + " ("
              + program.executable()
              + ") cannot read it.",
          "Put a redis-server or valkey-server "
              + new RedisVersion(MULTI_PART_AOF_SINCE_MAJOR, 0, 0)
              + " or newer on PATH or name one with "
              + EmbeddedRedisProperties.EXECUTABLE
              + ", or start with an empty "
              + EmbeddedRedisProperties.DATA_DIRECTORY
              + ".");
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      HELD.remove(path);
      lock.close();
    }
  }

  static EmbeddedRedisException unusable(Path directory, IOException cause) {
    return new EmbeddedRedisException(
        "The data directory " + directory + " of the embedded Redis cannot be used: " + cause,
        "Set "
            + EmbeddedRedisProperties.DATA_DIRECTORY
            + " to a directory on a local disk that this user may write, or "
            + EmbeddedRedisException.USE_YOUR_OWN
            + ".",
        cause);
  }

  private static FileChannel lock(Path path) throws IOException {
    var file = path.resolve(LOCK_FILE);
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
        throw heldBy(Files.readString(file).strip(), path);
      }
      channel.truncate(0);
      var pid = String.valueOf(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static EmbeddedRedisException heldBy(String pid, Path path) {
    return new EmbeddedRedisException(
        "The data directory " + path + " is in use by another Longhaul, process " + pid + ".",
        "Stop that process, give this one a directory of its own with "
            + EmbeddedRedisProperties.DATA_DIRECTORY
            + ", or share one Redis between them: "
            + EmbeddedRedisException.USE_YOUR_OWN
            + ".");
  }
}
