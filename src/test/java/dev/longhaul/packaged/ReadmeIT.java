package dev.longhaul.packaged;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md tells its readers to type works, in the order in which they read it. */
class ReadmeIT {
  @TempDir Path directory;

  @Test
  void everyCommandOfTheReadmeWorksAsItStandsThere() throws Exception {
    new TypedDocument(Path.of("README.md"), directory).run();
  }
}
