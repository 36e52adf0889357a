package dev.longhaul.packaged;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of README.md in their order. */
class ReadmeIT {
  @TempDir Path directory;

  @Test
  void everyCommandOfTheReadmeWorksAsItStandsThere() throws Exception {
    new TypedDocument(Path.of("README.md"), directory).run();
  }
}
