package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Datasets that try to keep profile_dataset busy or to exhaust its memory. */
@Hostile
class DatasetAttack {
  private static final int MEGABYTES = 200;

  // Two of these jobs once blocked all responses of a process for minutes.
  @Test
  void headersOfOneNameAgainAndAgainEndAtOnce(Target target) {
    String content = "a,".repeat(300_000) + "a\\n1,2\\n";
    List<String> jobs =
        Stream.generate(() -> target.submit("profile_dataset", "{\"content\":\"" + content + "\"}"))
            .limit(4)
            .toList();

    for (String job : jobs) {
      JsonNode end = target.awaitEnd(job);
      assertThat(end.path("state").asString()).isEqualTo("failed");
      assertThat(end.toString()).contains("more than 100,000 fields");
    }
  }

  @Test
  void twoHundredMegabytesOfCommasAreOneRow(Target target) throws IOException {
    write(target.data().resolve("commas.csv"), "a,b\n1,2\n", false);

    JsonNode end = target.awaitEnd(target.submit("profile_dataset", "{\"path\":\"commas.csv\"}"));
    Files.delete(target.data().resolve("commas.csv"));

    assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("completed");
  }

  @Test
  void aCompressedFileOfThemIsRefused(Target target) throws IOException {
    write(target.data().resolve("bomb.csv"), "a,b\n", true);

    JsonNode end = target.awaitEnd(target.submit("profile_dataset", "{\"path\":\"bomb.csv\"}"));

    assertThat(end.path("state").asString()).isEqualTo("failed");
    assertThat(end.toString()).contains("compressed with gzip");
  }

  @Test
  void aCompressedRequestOfThemIsRefused(Target target) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      commas(
          gzip,
          "{\"method\":\"tools/call\",\"params\":{\"name\":\"profile_dataset\",\"arguments\":"
              + "{\"content\":\"");
    }

    for (int i = 0; i < 5; i++) {
      var answer = target.post("/api/v1/jobs", bytes.toByteArray(), "Content-Encoding", "gzip");
      assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
    }
  }

  private static void write(Path file, String start, boolean compressed) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream in = compressed ? new GZIPOutputStream(out) : out) {
      commas(in, start);
    }
  }

  private static void commas(OutputStream out, String start) throws IOException {
    out.write(start.getBytes(StandardCharsets.UTF_8));
    byte[] part = ",".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < MEGABYTES; i++) {
      out.write(part);
    }
  }
}
