package dev.longhaul.tool.builtin.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file many times as large as the heap; docs/tools.md says how a gigabyte was measured. */
@Timeout(300)
class ConstantMemoryTest {
  @TempDir Path temporary;

  @Test
  void profilesAFileFourTimesAsLargeAsTheHeap() throws Exception {
    Path file = temporary.resolve("large.csv");
    run(List.of("bench/GenerateDataset.java", file.toString(), "128MB"));

    String said =
        run(
            List.of(
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                ProfileProcess.class.getName(),
                file.toString()));

    assertThat(said).contains("malformed=0 complete=true");
    System.out.println("ConstantMemoryTest " + said);
  }

  private String run(List<String> arguments) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path output = temporary.resolve("output");
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(output);
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
