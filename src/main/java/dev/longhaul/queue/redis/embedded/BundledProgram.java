package dev.longhaul.queue.redis.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * The redis-server in the embedded-redis jar. Only the jar's resources are used, because its
 * launcher puts passwords on the command line and cannot adopt a running server.
 */
final class BundledProgram {
  static final Map<String, String> RESOURCES =
      Map.of(
          "linux-amd64", "redis-server-6.2.6-v5-linux-amd64",
          "linux-arm64", "redis-server-6.2.7-linux-arm64",
          "linux-386", "redis-server-6.2.7-linux-386",
          "darwin-amd64", "redis-server-6.2.6-v5-darwin-amd64",
          "darwin-arm64", "redis-server-6.2.6-v5-darwin-arm64");

  private BundledProgram() {}

  /**
   * Copies it into {@code directory} unless it is there already.
   *
   * @throws UnfitProgramException when there is none for this platform (the jar's one for Windows
   *     is 5.0), or it cannot be written
   */
  static Path extractTo(Path directory) throws UnfitProgramException {
    var platform = platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    var resource = RESOURCES.get(platform);
    if (resource == null) {
      throw new UnfitProgramException("none is bundled for " + platform);
    }
    try {
      return extract(resource, directory);
    } catch (IOException e) {
      throw new UnfitProgramException(
          "the bundled one could not be written to " + directory + ": " + e.getMessage());
    }
  }

  static String platform(String osName, String osArch) {
    var name = osName.toLowerCase(Locale.ROOT);
    var os = name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : name;
    var arch =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "x86_64", "amd64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          case "x86", "i386", "i686" -> "386";
          default -> osArch;
        };
    return os + "-" + arch;
  }

  static Path extract(String resource, Path directory) throws IOException, UnfitProgramException {
    var target = directory.resolve(resource);
    byte[] program;
    try (var in = BundledProgram.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new UnfitProgramException(
            "none is bundled (a host application adds com.github.codemonstur:embedded-redis)");
      }
      program = in.readAllBytes();
    }
    // Compared in full, so that an incomplete or foreign file is not executed.
    if (Files.exists(target) && Arrays.equals(Files.readAllBytes(target), program)) {
      PrivateFiles.restrict(target, true);
      return target;
    }
    PrivateFiles.createDirectory(directory);
    var partial = Files.createTempFile(directory, resource, ".partial");
    try {
      Files.copy(new ByteArrayInputStream(program), partial, StandardCopyOption.REPLACE_EXISTING);
      PrivateFiles.restrict(partial, true);
      return Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
