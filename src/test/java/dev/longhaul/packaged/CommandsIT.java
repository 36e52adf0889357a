package dev.longhaul.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the packaged jar, as processes beside a server with its embedded Redis. */
@Timeout(300)
class CommandsIT {
  private static final int LIMIT_SECONDS = 120;

  @TempDir Path directory;

  @Test
  void commandsWorkBesideARunningServer() throws IOException, InterruptedException {
    try (RunningServer server = RunningServer.start(directory, 0, Map.of())) {
      Ended check = run("check");
      assertThat(check.code()).as(check.text()).isZero();
      assertThat(check.text())
          .contains("PASS  persistence", "PASS  workers", "WARN  embedded-redis")
          .doesNotContain("\tat ");

      String url = "--url=" + server.url();
      Ended bench = run("bench", "--mixed", "--requests", "20", url);
      assertThat(bench.code()).as(bench.text()).isZero();
      assertThat(bench.text()).containsPattern("all +8 +20 +0 ");

      Process endless =
          start("bench", "--tool", "list_operations", "--requests", "1000000", url).start();
      try (BufferedReader output = endless.inputReader(UTF_8)) {
        String line = output.readLine(); // the warm-up is done
        assertThat(line).contains("warm-up: 10 of 10");
        // Not SIGINT: a JVM that a script has started in the background ignores it.
        assertThat(endless.toHandle().destroy()).isTrue();
        List<String> rest = output.lines().toList();
        assertThat(rest).anyMatch(one -> one.endsWith("calls, interrupted"));
        assertThat(rest).anyMatch(one -> one.startsWith("tool list_operations"));
      } finally {
        endless.destroyForcibly();
      }
    }
    Ended absent = run("check", "--spring.data.redis.url=redis://:s3cret@127.0.0.1:1");
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.text())
        .contains("cannot be reached")
        .doesNotContain("\tat ")
        .doesNotContain("s3cret");
    Ended unknown = run("chekc");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.text()).contains("There is no command chekc.", "check", "bench");
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments).start();
    try (BufferedReader output = process.inputReader(UTF_8)) {
      String text = String.join("\n", output.lines().toList());
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), text);
    } finally {
      process.destroyForcibly();
    }
  }

  private ProcessBuilder start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", RunningServer.jar().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
  }

  private record Ended(int code, String text) {}
}
