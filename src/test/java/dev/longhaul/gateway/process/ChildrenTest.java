package dev.longhaul.gateway.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.gateway.config.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(120)
class ChildrenTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path directory;
  private @Nullable Children children;
  private final List<ProcessHandle> strangers = new ArrayList<>();

  @AfterEach
  void end() {
    if (children != null) {
      children.close();
    }
    strangers.forEach(ProcessHandle::destroyForcibly);
  }

  private Children children() {
    Children made = new Children(directory.resolve("children"));
    children = made;
    return made;
  }

  private static Connection.Command shell(String script, Map<String, String> environment) {
    return new Connection.Command(List.of("sh", "-c", script), environment, null);
  }

  private static List<String> lines(ChildProcess child, int count) throws IOException {
    var out = new BufferedReader(new InputStreamReader(child.output(), UTF_8));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(out.readLine());
    }
    return lines;
  }

  private static ProcessHandle process(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  // One that has ended stays visible where the first process of a container does not wait for it.
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && !ProcStat.of(process.pid()).map(ProcStat::zombie).orElse(false);
  }

  @Test
  void aChildGetsTheEnvironmentOfTheSdksAndWhatIsConfigured() throws Exception {
    ChildProcess child =
        children().start("env", shell("env; echo end", Map.of("TOKEN", "abc def")));
    var out = new BufferedReader(new InputStreamReader(child.output(), UTF_8));
    List<String> names = new ArrayList<>();
    for (String line = out.readLine(); line != null && !line.equals("end"); line = out.readLine()) {
      names.add(line.startsWith("TOKEN") ? line : line.split("=", 2)[0]);
    }
    assertThat(names).contains("PATH", "TOKEN=abc def");
    // A shell sets some itself.
    assertThat(names)
        .isSubsetOf(
            "HOME",
            "LOGNAME",
            "PATH",
            "SHELL",
            "TERM",
            "USER",
            "TOKEN=abc def",
            "PWD",
            "SHLVL",
            "_",
            "OLDPWD");
  }

  @Test
  void aChildRunsInItsDirectoryAndIsFoundThere() throws Exception {
    Path program = Files.writeString(directory.resolve("server"), "#!/bin/sh\npwd\ncat\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var command = new Connection.Command(List.of("./server"), Map.of(), directory);
    ChildProcess child = children().start("cwd", command);
    assertThat(lines(child, 1)).containsExactly(directory.toRealPath().toString());
  }

  @Test
  void closingItsInputIsEnoughForOneThatEndsThen() throws Exception {
    ChildProcess child = children().start("kind", shell("cat; echo bye; exit 5", Map.of()));
    child.close();
    assertThat(child.isAlive()).isFalse();
    assertThat(child.fate("")).contains("exit code 5");
    assertThat(directory.resolve("children")).isEmptyDirectory();
  }

  @Test
  void allThatAChildHasStartedEndsWithItAlsoIfItIgnoresTheSignal() throws Exception {
    ChildProcess child =
        children()
            .start(
                "stubborn",
                shell(
                    "trap '' TERM; sleep 1000 & echo $!; (trap '' TERM; sleep 1000; sleep 1000) &"
                        + " echo $!; while true; do sleep 1000; done",
                    Map.of()));
    List<String> pids = lines(child, 2);
    ProcessHandle one = process(pids.get(0));
    ProcessHandle two = process(pids.get(1));
    child.close();
    assertThat(List.of(runs(one), runs(two), child.isAlive())).containsOnly(false);
  }

  @Test
  void whatAChildHasStartedEndsWhenTheChildEndsItself() throws Exception {
    ChildProcess child =
        children().start("parent", shell("sleep 1000 & echo $!; read x; exit 3", Map.of()));
    ProcessHandle grandchild = process(lines(child, 1).getFirst());
    child.input().write('\n');
    child.input().flush();
    await().atMost(LIMIT).until(() -> !runs(grandchild));
    assertThat(child.fate("runs")).contains("exit code 3");
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void standardErrorIsLoggedWithoutConfiguredValues(CapturedOutput log) throws Exception {
    ChildProcess child =
        children()
            .start(
                "chatty",
                shell(
                    "printf 'key is %s\\n\\033[31mred\\n' \"$KEY\" >&2; i=0;"
                        + " while [ $i -lt 500 ]; do echo line $i >&2; i=$((i+1)); done; exit 1",
                    Map.of("KEY", "s3cr3t-value", "SHORT", "is")));
    await().atMost(LIMIT).until(() -> child.fate("runs").contains("line 499"));
    assertThat(log.getOut())
        .contains("gateway.upstream.chatty")
        .contains("key is ***")
        .contains("[31mred")
        .contains("line 100")
        .contains("left out")
        .doesNotContain("s3cr3t-value")
        .doesNotContain("\033[31m")
        .doesNotContain("line 499");
    assertThat(child.lastErrors().lines()).hasSize(20);
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void standardErrorIsLoggedWithoutSecretArguments(CapturedOutput log) throws Exception {
    var command =
        new Connection.Command(
            List.of("sh", "-c", "echo \"no access with $1\" >&2; exit 1", "sh", "arg-s3cr3t"),
            Map.of(),
            null,
            0,
            Set.of("arg-s3cr3t"));
    ChildProcess child = children().start("told", command);
    await().atMost(LIMIT).until(() -> child.fate("runs").contains("no access with ***"));
    assertThat(log.getOut()).contains("no access with ***").doesNotContain("arg-s3cr3t");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theMemoryOfEachProcessIsLimited() throws Exception {
    var command =
        new Connection.Command(
                List.of("sh", "-c", "sh -c 'cat /proc/self/limits'; cat"), Map.of(), null)
            .limited(64 << 20);
    ChildProcess child = children().start("small", command);
    assertThat(lines(child, 4).getLast()).matches("Max data size +67108864 +67108864 +bytes *");
  }

  @Test
  void aCommandThatCannotBeStartedIsNamedWithItsUpstreamAndTheRemedy() throws Exception {
    Path noProgram = Files.writeString(directory.resolve("plain"), "text");
    var missing = new Connection.Command(List.of("no-such-program-x"), Map.of(), null);
    var forbidden = new Connection.Command(List.of(noProgram.toString()), Map.of(), null);
    var nowhere = new Connection.Command(List.of("sh"), Map.of(), directory.resolve("absent"));
    assertThatThrownBy(() -> children().start("files", missing))
        .isInstanceOf(ChildStartException.class)
        .hasMessageContaining("no-such-program-x")
        .hasMessageContaining("files")
        .hasMessageContaining("Install it");
    assertThatThrownBy(() -> children().start("files", forbidden))
        .isInstanceOf(ChildStartException.class)
        .hasMessageContaining("chmod +x");
    assertThatThrownBy(() -> children().start("files", nowhere))
        .isInstanceOf(ChildStartException.class)
        .hasMessageContaining("absent")
        .hasMessageContaining("cwd");
  }

  @Test
  void whatAKilledPredecessorLeftIsEndedAndNothingElse() throws Exception {
    Path notes = Files.createDirectory(directory.resolve("children"));
    ProcessHandle left = stranger();
    ProcessHandle other = stranger();
    ProcessHandle ofALivingOne = stranger();
    String self = note(ProcessHandle.current());
    Files.writeString(notes.resolve("1.child"), note(left) + "true\n999999999\ngone\n");
    // The number of a process that has ended was given to another one.
    Files.writeString(notes.resolve("2.child"), note(other).strip() + "1\ntrue\n999999999\ngone\n");
    Files.writeString(notes.resolve("3.child"), note(ofALivingOne) + "true\n" + self);
    Files.writeString(notes.resolve("4.child"), "rubbish");
    children();
    assertThat(runs(left)).isFalse();
    assertThat(other.isAlive()).isTrue();
    assertThat(ofALivingOne.isAlive()).isTrue();
    assertThat(notes.resolve("3.child")).exists();
    assertThat(notes).isDirectoryNotContaining(file -> !file.endsWith("3.child"));
  }

  @Test
  void afterAKillOfThisProcessItsChildrenAreEndedAtTheNextStart() throws Exception {
    Path notes = directory.resolve("children");
    Process killed = ChildrenHolder.start(notes);
    var out = new BufferedReader(new InputStreamReader(killed.getInputStream(), UTF_8));
    List<ProcessHandle> processes = new ArrayList<>();
    for (int i = 0; i < ChildrenHolder.PROCESSES; i++) {
      processes.add(process(out.readLine()));
    }
    strangers.addAll(processes);
    assertThat(processes).allMatch(ChildrenTest::runs);
    assertThat(killed.destroyForcibly().waitFor(1, TimeUnit.MINUTES)).isTrue();
    children();
    assertThat(processes).noneMatch(ChildrenTest::runs);
    assertThat(notes).isEmptyDirectory();
  }

  private static String note(ProcessHandle process) {
    ProcessId id = ProcessId.of(process);
    return id.pid() + "\n" + id.started() + "\n";
  }

  private ProcessHandle stranger() throws IOException {
    ProcessHandle process = new ProcessBuilder("sleep", "1000").start().toHandle();
    strangers.add(process);
    return process;
  }

  @Test
  void aRunningChildIsNotedUntilItHasEnded() throws Exception {
    ChildProcess child = children().start("noted", shell("cat", Map.of()));
    Path note = directory.resolve("children").resolve(child.pid() + ".child");
    assertThat(Files.readAllLines(note)).contains(Long.toString(ProcessHandle.current().pid()));
    child.close();
    assertThat(note).doesNotExist();
  }
}
