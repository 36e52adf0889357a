package dev.longhaul.builtin.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Profiles a file many times larger than the heap; docs/tools.md has figures for a gigabyte. */
@Timeout(300)
class ConstantMemoryTest {
  @TempDir Path temporary;

  @Test
  void profilesAFileFourTimesAsLargeAsTheHeap() throws Exception {
    Path file = temporary.resolve("large.csv");
    run(List.of("bench/GenerateDataset.java", file.toString(), "128MB"));

    String said = profiled(file);

    assertThat(said).contains("malformed=0 complete=true");
    System.out.println("ConstantMemoryTest " + said);
  }

  @Test
  void aRowOfTwoHundredMillionCommasIsOneMalformedRow() throws Exception {
    Path file = temporary.resolve("commas.csv");
    write(file, "a,b\n", ",".repeat(1 << 20), 200, "\n1,2\n");

    assertThat(profiled(file)).contains("rows=1 malformed=1 complete=true");
  }

  @Test
  void ofAHeaderOnlyTheNamesThatAreShownAreKept() throws Exception {
    Path file = temporary.resolve("header.csv");
    write(file, "", "x".repeat(500_000) + ",", 400, "y\n" + ",".repeat(400) + "\n");

    assertThat(profiled(file)).contains("rows=1 malformed=0 complete=true");
  }

  private static void write(Path file, String head, String part, int times, String end)
      throws IOException {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(head.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < times; i++) {
        out.write(bytes);
      }
      out.write(end.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String profiled(Path file) throws Exception {
    return run(
        List.of(
            "-Xmx32m",
            "-cp",
            System.getProperty("java.class.path"),
            ProfileProcess.class.getName(),
            file.toString()));
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
