package dev.longhaul.packaged;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of docs/tutorial.md. It needs the built examples/, which need this project to
 * be installed, so it is no *IT of this build: {@code .ci/run examples} runs it.
 */
class TutorialCheck {
  private static final Path EXAMPLES = Path.of("examples/target").toAbsolutePath();

  @TempDir Path directory;

  @Test
  void everyCommandOfTheTutorialWorksAsItStandsThere() throws Exception {
    if (!Files.isDirectory(EXAMPLES.resolve("tools"))) {
      throw new IllegalStateException(
          "Build the examples first: ./mvnw -DskipTests install && ./mvnw -f examples/pom.xml"
              + " verify");
    }
    Files.createDirectories(directory.resolve("examples"));
    Files.createSymbolicLink(directory.resolve("examples/target"), EXAMPLES);
    new TypedDocument(Path.of("docs/tutorial.md"), directory).run();
  }
}
