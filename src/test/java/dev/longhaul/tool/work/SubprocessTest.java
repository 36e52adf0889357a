package dev.longhaul.tool.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.work.SubprocessException.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with real programs. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class SubprocessTest {
  // Waits without end in a background child whose parent has ended.
  private static final String ORPHAN = "(sleep 1000000 & echo $! >> \"$1\") ; ";

  @TempDir Path directory;
  private final TestCall call = new TestCall();

  @SuppressWarnings("NullAway.Init")
  SubprocessTest() {}

  private static Subprocess sh(String script, String... arguments) {
    String[] command = new String[arguments.length + 4];
    command[0] = "sh";
    command[1] = "-c";
    command[2] = script;
    command[3] = "sh";
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    return Subprocess.of(command).environment(Map.of("PATH", "/usr/bin:/bin"));
  }

  @Test
  void givesInputAndTakesOutput() {
    byte[] large = new byte[3_000_000];
    Arrays.fill(large, (byte) 'x');

    SubprocessResult result = Subprocess.of("cat").input(large).run().orThrow();

    assertThat(result.output()).isEqualTo(large);
    assertThat(result.errors()).isEmpty();
    assertThat(result.memoryLimited()).isFalse();
    // A program that does not read its input is no failure.
    assertThat(Subprocess.of("true").input(large).run().exitCode()).isZero();
  }

  @Test
  void interpretsNothing() {
    assertThat(Subprocess.of("printf", "%s|", "$HOME; ls", "*", "a b").run().text())
        .isEqualTo("$HOME; ls|*|a b|");
  }

  @Test
  void getsAnEmptyEnvironmentUnlessToldOtherwise() {
    assertThat(Subprocess.of("env").run().orThrow().text()).isEmpty();
    assertThat(Subprocess.of("env").environment(Map.of("LANG", "C")).run().text())
        .isEqualTo("LANG=C\n");
  }

  @Test
  void runsInAnEmptyDirectoryThatIsGoneAfterwards() {
    Path own =
        Path.of(sh("pwd; ls -A; mkdir -p a/b; echo x > a/b/c").run().orThrow().text().strip());

    assertThat(own).isAbsolute().doesNotExist();
    assertThat(sh("echo x > here").directory(directory).run().exitCode()).isZero();
    assertThat(directory.resolve("here")).exists();
  }

  @Test
  void keepsTheEndOfStandardErrorForTheError() {
    SubprocessResult result =
        sh("i=0; while [ $i -lt 5000 ]; do echo line $i >&2; i=$((i+1)); done; exit 3")
            .maxErrors(40)
            .run();

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.errors()).hasSize(40).endsWith("line 4998\nline 4999\n");
    SubprocessException failed = catchThrowableOfType(SubprocessException.class, result::orThrow);
    assertThat(failed.reason()).isEqualTo(Reason.FAILED);
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed)
        .hasMessageStartingWith("sh failed with exit code 3.")
        .hasMessageEndingWith("line 4999");
  }

  @Test
  void killsWhatWritesTooMuch() {
    SubprocessException failed =
        catchThrowableOfType(
            SubprocessException.class, () -> Subprocess.of("yes").maxOutput(10_000).run());

    assertThat(failed.reason()).isEqualTo(Reason.TOO_MUCH_OUTPUT);
    assertThat(failed).hasMessageContaining("yes wrote more than 10000 bytes");
    assertThat(Subprocess.of("printf", "12345").maxOutput(5).run().text()).isEqualTo("12345");
  }

  @Test
  void killsTheWholeTreeWhenTheTimeIsOver() throws Exception {
    Path pids = directory.resolve("pids");
    // It traps all signals that can be trapped.
    String script =
        "trap '' TERM INT HUP; " + ORPHAN + "echo $$ >> \"$1\"; echo said >&2; sleep 1000000";

    SubprocessException failed =
        catchThrowableOfType(
            SubprocessException.class,
            () -> sh(script, pids.toString()).timeout(Duration.ofSeconds(10)).run());

    assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(failed).hasMessageContaining("longer than 10.0 s");
    assertGone(pids);
  }

  @Test
  void whatItLeavesBehindIsKilledWhenItEnds() throws Exception {
    Path pids = directory.resolve("pids");

    assertThat(sh(ORPHAN + "echo done", pids.toString()).run().orThrow().text())
        .isEqualTo("done\n");

    assertThat(Files.readAllLines(pids)).hasSize(1);
    assertGone(pids);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCancelKillsTheWholeTree(boolean interrupt) throws Exception {
    Path pids = directory.resolve("pids");
    Path ready = directory.resolve("ready");
    assertThat(Subprocess.of("mkfifo", ready.toString()).run().orThrow().exitCode()).isZero();
    String script =
        ORPHAN + "sh -c 'echo $$ >> \"$1\"; echo up > \"$2\"; sleep 1000000' sh \"$@\"; echo";
    CompletableFuture<SubprocessResult> ended =
        call.start(() -> sh(script, pids.toString(), ready.toString()).run());
    assertThat(firstLine(ready).get(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("up");

    if (interrupt) {
      call.cancel();
    } else {
      call.cancelWithoutInterrupt();
    }

    assertThat(TestCall.failure(ended)).isInstanceOf(JobStoppedException.class);
    assertThat(Files.readAllLines(pids)).hasSize(2);
    assertGone(pids);
  }

  @Test
  void limitsItsMemory() {
    assertThat(Launch.of(Subprocess.of("true").maxMemory(1L << 30), "true").memoryLimited())
        .as("needs util-linux, as every Linux here has")
        .isTrue();
    String reader = "head -c 300000000 /dev/zero | tail -c 200000000 | wc -c";

    SubprocessResult enough = sh(reader).maxMemory(1L << 30).run();
    SubprocessResult tooLittle = sh(reader).maxMemory(50L << 20).run();

    assertThat(enough.text().strip()).isEqualTo("200000000");
    assertThat(enough.memoryLimited()).isTrue();
    assertThat(tooLittle.text().strip()).isNotEqualTo("200000000");
    assertThat(tooLittle.errors()).contains("memory");
  }

  @Test
  void saysWhatCannotBeStarted() {
    SubprocessException missing =
        catchThrowableOfType(
            SubprocessException.class, () -> Subprocess.of("no-such-program-here").run());
    assertThat(missing.reason()).isEqualTo(Reason.NOT_STARTED);
    assertThat(missing)
        .hasMessageContaining("no program no-such-program-here")
        .hasMessageContaining("PATH");
    SubprocessException nowhere =
        catchThrowableOfType(
            SubprocessException.class,
            () -> Subprocess.of("true").directory(directory.resolve("none")).run());
    assertThat(nowhere.reason()).isEqualTo(Reason.NOT_STARTED);
    assertThatThrownBy(() -> Subprocess.of(List.of())).hasMessageContaining("command is empty");
    assertThatThrownBy(() -> Subprocess.of("echo", "a\0b")).hasMessageContaining("NUL");
    assertThatThrownBy(() -> Subprocess.of("true").timeout(Duration.ZERO))
        .hasMessageContaining("timeout is PT0S");
    assertThatThrownBy(() -> Subprocess.of("true").maxMemory(1))
        .hasMessageContaining("maxMemory is 1 bytes");
  }

  /** Reads a named pipe; opening it waits for a writer. */
  private static CompletableFuture<String> firstLine(Path pipe) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (BufferedReader lines = Files.newBufferedReader(pipe, UTF_8)) {
            return String.valueOf(lines.readLine());
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  // A zombie counts as ended: its new parent will reap it.
  private static void assertGone(Path pids) throws IOException {
    List<String> lines = Files.readAllLines(pids);
    assertThat(lines).isNotEmpty();
    for (String pid : lines) {
      Path stat = Path.of("/proc", pid, "stat");
      String state;
      try {
        String text = Files.readString(stat);
        state = text.substring(text.lastIndexOf(')') + 2).substring(0, 1);
      } catch (IOException e) {
        state = "gone";
      }
      assertThat(state).as("process " + pid).isIn("gone", "Z", "X");
    }
  }
}
