package dev.longhaul.queue.redis.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a server program that can be run here and is new enough. */
final class ServerPrograms {
  private static final Logger log = LoggerFactory.getLogger(ServerPrograms.class);
  private static final List<String> NAMES = List.of("redis-server", "valkey-server");
  private static final List<String> SUFFIXES =
      File.separatorChar == '\\' ? List.of(".exe") : List.of("");

  private ServerPrograms() {}

  /**
   * The configured program, else the first suitable one on PATH, else the bundled one.
   *
   * @param configured {@code longhaul.embedded-redis.executable}; nothing else is tried then
   * @param searchPath directories as in the variable PATH
   * @param cache where the bundled program is unpacked
   * @throws EmbeddedRedisException when there is none, with the reason for each candidate
   */
  static ServerProgram find(@Nullable Path configured, String searchPath, Path cache) {
    var refusals = new ArrayList<String>();
    if (configured != null) {
      return probe(configured, refusals).orElseThrow(() -> noneFits(refusals));
    }
    for (var candidate : onPath(searchPath)) {
      var program = probe(candidate, refusals);
      if (program.isPresent()) {
        return program.get();
      }
    }
    try {
      return ServerProgram.probe(BundledProgram.extractTo(cache));
    } catch (UnfitProgramException e) {
      refusals.add(String.valueOf(e.getMessage()));
      throw noneFits(refusals);
    }
  }

  private static Optional<ServerProgram> probe(Path candidate, List<String> refusals) {
    try {
      return Optional.of(ServerProgram.probe(candidate));
    } catch (UnfitProgramException e) {
      refusals.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static List<Path> onPath(String searchPath) {
    var found = new ArrayList<Path>();
    for (var name : NAMES) {
      for (var directory : searchPath.split(File.pathSeparator, -1)) {
        for (var suffix : SUFFIXES) {
          try {
            var candidate = Path.of(directory, name + suffix);
            if (!directory.isBlank() && Files.isExecutable(candidate)) {
              found.add(candidate);
            }
          } catch (InvalidPathException e) {
            log.debug("Not a directory on PATH: {}", directory);
          }
        }
      }
    }
    return found;
  }

  private static EmbeddedRedisException noneFits(List<String> refusals) {
    return new EmbeddedRedisException(
        "No Redis is configured, and Longhaul found no redis-server or valkey-server that it could"
            + " start for itself: "
            + String.join("; ", refusals)
            + ".",
        "Install redis-server or valkey-server 6.2 or newer and put it on PATH (the bundled one"
            + " needs macOS, or Linux with glibc and OpenSSL 3; there is none for Windows), name"
            + " one with "
            + EmbeddedRedisProperties.EXECUTABLE
            + ", or "
            + EmbeddedRedisException.USE_YOUR_OWN
            + ".");
  }
}
