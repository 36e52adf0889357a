package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.packaged.Readme.Commands;
import dev.longhaul.packaged.Readme.StartServer;
import dev.longhaul.packaged.Readme.StopServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of a document in their order, in a directory that resembles a clone after the
 * build, with separate data.
 */
final class TypedDocument {
  private static final int PORT = 8080;
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String JAVA_HOME = System.getProperty("java.home");

  private final Path document;
  private final Path directory;

  /**
   * @param directory an empty directory
   */
  TypedDocument(Path document, Path directory) {
    this.document = document;
    this.directory = directory;
  }

  void run() throws Exception {
    portIsFree();
    layOut();
    var readme = Readme.read(document);
    assertThat(readme.steps()).hasAtLeastOneElementOfType(Commands.class);
    Map<String, String> environment =
        Map.of("JAVA_HOME", JAVA_HOME, "PATH", JAVA_HOME + "/bin:" + System.getenv().get("PATH"));

    RunningServer server = null;
    try (var terminal = new Terminal(directory, environment)) {
      for (Readme.Step step : readme.steps()) {
        switch (step) {
          case StartServer() -> server = RunningServer.start(directory, PORT, Map.of());
          case StopServer() -> server = stopped(server);
          case Commands commands -> {
            String output = terminal.run(commands.text(), LIMIT);
            assertThat(output)
                .as("%s, line %s:%n%s%n", document, commands.line(), commands.text())
                .satisfies(
                    shown -> commands.expected().forEach(part -> assertThat(shown).contains(part)));
          }
        }
      }
    } finally {
      stopped(server);
    }
  }

  private static @Nullable RunningServer stopped(@Nullable RunningServer server) {
    if (server != null) {
      server.close();
    }
    return null;
  }

  private void layOut() throws IOException {
    copy("data");
    copy("bench");
    Files.createSymbolicLink(directory.resolve("target"), RunningServer.jar().getParent());
  }

  private void copy(String name) throws IOException {
    Path target = Files.createDirectory(directory.resolve(name));
    try (Stream<Path> files = Files.list(Path.of(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().contains(".big.")) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
  }

  private static void portIsFree() {
    try (var _ = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress())) {
      // Only checks that it is available.
    } catch (IOException e) {
      throw new IllegalStateException(
          "The commands of a document use port " + PORT + ", and something else serves it now.", e);
    }
  }
}
