package dev.longhaul.queue.redis.embedded;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a next Longhaul must know to find the server again if this one is killed. Kept in the data
 * directory, readable by its owner only.
 *
 * @param port on loopback
 * @param password the server's
 * @param pid its process; 0 before it was started
 * @param startedAt when that process started, in milliseconds since the epoch: with the pid it
 *     names one process for ever
 * @param program the name of the file that was started
 * @param directory where it keeps its data: in a copy of the data directory, the original's
 */
record SavedServer(
    int port, String password, long pid, long startedAt, String program, String directory) {
  private static final Logger log = LoggerFactory.getLogger(SavedServer.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FILE = "redis.json";

  /** Jackson fills an absent name with null. */
  @JsonCreator
  static SavedServer of(
      int port,
      @Nullable String password,
      long pid,
      long startedAt,
      @Nullable String program,
      @Nullable String directory) {
    return new SavedServer(
        port,
        Objects.requireNonNullElse(password, ""),
        pid,
        startedAt,
        Objects.requireNonNullElse(program, ""),
        Objects.requireNonNullElse(directory, ""));
  }

  static Optional<SavedServer> in(Path directory) {
    try {
      var saved = JSON.readValue(Files.readString(directory.resolve(FILE)), SavedServer.class);
      return Optional.ofNullable(saved).filter(SavedServer::isComplete);
    } catch (IOException | JacksonException absentOrNotOurs) {
      return Optional.empty();
    }
  }

  void saveIn(Path directory) {
    try {
      PrivateFiles.write(directory.resolve(FILE), JSON.writeValueAsString(this));
    } catch (IOException e) {
      throw DataDirectory.unusable(directory, e);
    }
  }

  static void forget(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(FILE));
    } catch (IOException e) {
      // The server it names has ended; a next start finds that out by itself.
      log.debug("{} could not be deleted", FILE, e);
    }
  }

  private boolean isComplete() {
    return !password.isEmpty() && port > 0;
  }

  @Override
  public String toString() {
    return "SavedServer[port=" + port + ", pid=" + pid + "]";
  }
}
