package dev.longhaul.queue.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/** Tests with the real server program of this machine. */
@Timeout(180)
class EmbeddedRedisTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path directory;

  @Test
  void wantsThePasswordThatNoProcessListShows() throws IOException {
    try (var redis = start(directory)) {
      assertThatThrownBy(() -> new ServerConnection(redis.port(), "another").call("PING"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("WRONGPASS");
      assertThat(ProcessHandle.of(redis.pid()).orElseThrow().info().commandLine().orElse(""))
          .doesNotContain(redis.password());
    }
  }

  @Test
  void commandsOfTheSameUserReachItWhileItRuns() throws IOException {
    var environment =
        new MockEnvironment()
            .withProperty(EmbeddedRedisProperties.ENABLED, "true")
            .withProperty(EmbeddedRedisProperties.DATA_DIRECTORY, directory.toString());
    RunningEmbeddedRedis.addTo(environment);
    assertThat(RunningEmbeddedRedis.isUsedBy(environment)).isFalse();
    try (var redis = start(directory)) {
      RunningEmbeddedRedis.addTo(environment);
      assertThat(RunningEmbeddedRedis.isUsedBy(environment)).isTrue();
      assertThat(environment.getProperty("spring.data.redis.port")).isEqualTo("" + redis.port());
      assertThat(environment.getProperty("spring.data.redis.password")).isEqualTo(redis.password());
      assertThat(Files.getPosixFilePermissions(directory.resolve("longhaul.access")))
          .containsExactlyInAnyOrder(
              PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }
    assertThat(directory.resolve("longhaul.access")).doesNotExist();
  }

  @Test
  void listensOnLoopbackAndNeverThrowsAJobAway() throws IOException {
    var expected =
        Map.of(
            "bind", "127.0.0.1",
            "protected-mode", "yes",
            "appendonly", "yes",
            "appendfsync", "everysec",
            "maxmemory-policy", "noeviction",
            "hash-max-ziplist-value", "512");
    try (var redis = start(directory);
        var connection = new ServerConnection(redis.port(), redis.password())) {
      for (var setting : expected.entrySet()) {
        assertThat(connection.call("CONFIG", "GET", setting.getKey())).endsWith(setting.getValue());
      }
    }
  }

  @Test
  void usesAQuarterOfTheMachineAtMostSoThatTheMemoryLimitCanAct() throws IOException {
    var machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    try (var redis = start(directory)) {
      assertThat(maxMemory(redis)).isEqualTo(machine / 4);
    }
    try (var redis = start(directory, DataSize.ofMegabytes(16))) {
      assertThat(maxMemory(redis)).isEqualTo(16 << 20);
    }
  }

  @Test
  void mayUseMoreThanItIsToldWhereItHasLoadedMore() throws IOException {
    try (var redis = start(directory)) {
      for (var i = 0; i < 20; i++) {
        call(redis, "SET", "key" + i, "x".repeat(1_000_000));
      }
    }
    try (var redis = start(directory, DataSize.ofMegabytes(16))) {
      assertThat(maxMemory(redis)).isBetween(30_000_000L, 60_000_000L);
      assertThat(call(redis, "SET", "another", "value")).isEqualTo("OK");
    }
  }

  private static long maxMemory(EmbeddedRedis redis) throws IOException {
    try (var connection = new ServerConnection(redis.port(), redis.password())) {
      return Long.parseLong(connection.call("CONFIG", "GET", "maxmemory").getLast());
    }
  }

  private static EmbeddedRedis start(Path directory, DataSize maxMemory) {
    return EmbeddedRedis.start(
        new EmbeddedRedisProperties(true, directory, null, LIMIT, LIMIT, maxMemory));
  }

  @Test
  void keepsItsDataFromOneStartToTheNext() throws IOException {
    try (var redis = start(directory)) {
      call(redis, "SET", "key", "value");
    }
    try (var redis = start(directory)) {
      assertThat(call(redis, "GET", "key")).isEqualTo("value");
    }
  }

  @Test
  void aCopyOfItsDirectoryMadeWhileItIsStoppedIsABackup(@TempDir Path backup) throws IOException {
    try (var redis = start(directory)) {
      call(redis, "SET", "key", "value");
    }
    FileSystemUtils.copyRecursively(directory, backup);
    try (var _ = start(directory);
        var restored = start(backup)) {
      assertThat(call(restored, "GET", "key")).isEqualTo("value");
    }
  }

  @Test
  void isGoneAfterClose() {
    var redis = start(directory);
    redis.close();
    assertThat(ProcessHandle.of(redis.pid()).map(ServerProcess::new))
        .as("the server, ended even if the JVM has yet to reap it")
        .matches(server -> server.filter(ServerProcess::isRunning).isEmpty());
  }

  @Test
  void aSecondProcessIsToldWhoHoldsTheDirectory() throws IOException {
    try (var other = EmbeddedRedisHolder.in(directory)) {
      assertThatThrownBy(() -> start(directory))
          .isInstanceOf(EmbeddedRedisException.class)
          .hasMessageContaining("process " + other.process().pid())
          .hasMessageContaining(directory.toRealPath().toString())
          .extracting(e -> ((EmbeddedRedisException) e).action())
          .asString()
          .contains("longhaul.embedded-redis.data-directory", "spring.data.redis.url");
      other.kill();
      start(directory).close();
    }
  }

  @Test
  void oneProcessCannotTakeADirectoryTwice() {
    try (var first = start(directory)) {
      for (var attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> start(directory))
            .isInstanceOf(EmbeddedRedisException.class)
            .hasMessageContaining("process " + ProcessHandle.current().pid());
      }
      assertThat(first.port()).isPositive();
    }
  }

  @Test
  void theServerOfAKilledLonghaulIsEndedAndItsDataKept() throws IOException {
    try (var other = EmbeddedRedisHolder.in(directory)) {
      other.kill();
      assertThat(ServerProcessState.isRunning(other.redisPid())).isTrue();
      try (var redis = start(directory)) {
        assertThat(redis.pid()).isNotEqualTo(other.redisPid());
        assertThat(ServerProcessState.isRunning(other.redisPid())).isFalse();
        assertThat(call(redis, "GET", "written-by")).isEqualTo("the other process");
      }
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void anOrphanThatDoesNotReactIsKilled() throws Exception {
    try (var other = EmbeddedRedisHolder.in(directory)) {
      other.kill();
      var stopped = new ProcessBuilder("kill", "-STOP", String.valueOf(other.redisPid())).start();
      assertThat(stopped.waitFor()).isZero();
      var properties =
          new EmbeddedRedisProperties(true, directory, null, LIMIT, Duration.ofMillis(200), null);
      try (var redis = EmbeddedRedis.start(properties)) {
        assertThat(ServerProcessState.isRunning(other.redisPid())).isFalse();
        assertThat(call(redis, "GET", "written-by")).isEqualTo("the other process");
      }
    }
  }

  @Test
  void theServerOfAnotherDirectoryIsLeftAlone() throws IOException {
    try (var outer = start(directory.resolve("data"));
        var inner = start(directory.resolve("data/inner"));
        var longer = start(directory.resolve("data-2"))) {
      assertThat(call(outer, "PING")).isEqualTo("PONG");
      assertThat(call(inner, "PING")).isEqualTo("PONG");
      assertThat(call(longer, "PING")).isEqualTo("PONG");
    }
  }

  @Test
  void showsTheEndOfTheLogOfAServerThatDoesNotStart() throws IOException {
    Files.writeString(directory.resolve("appendonly.aof"), "this is no log of commands\n");
    assertThatThrownBy(() -> start(directory))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("ended while starting")
        .hasMessageContaining("Bad file format");
    // and the directory is free again
    DataDirectory.take(directory).close();
  }

  @Test
  void namesThePropertyOfADirectoryItCannotUse() throws IOException {
    var file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> start(file.resolve("data")))
        .isInstanceOf(EmbeddedRedisException.class)
        .extracting(e -> ((EmbeddedRedisException) e).action())
        .asString()
        .contains("longhaul.embedded-redis.data-directory");
  }

  @Test
  void noticesThatAnotherProgramTookThePort() throws IOException {
    try (var taken = start(directory);
        var other = DataDirectory.take(directory.resolve("other"))) {
      var program = ServerPrograms.find(null, System.getenv("PATH"), directory.resolve("programs"));
      assertThatThrownBy(() -> ServerInstance.start(program, other, taken.port(), "secret", LIMIT))
          .isInstanceOf(ServerInstance.PortTakenException.class);
    }
  }

  @Test
  void bringsAServerBackThatWasKilled() throws IOException {
    try (var redis = start(directory)) {
      var port = redis.port();
      var killed = redis.pid();
      call(redis, "SET", "key", "value");
      ProcessHandle.of(killed).orElseThrow().destroyForcibly();
      // Limited by the time-out of the test.
      while (redis.pid() == killed) {
        Thread.onSpinWait();
      }
      assertThat(redis.port()).isEqualTo(port);
      assertThat(call(redis, "GET", "key")).isEqualTo("value");
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void isStartedAgainUntilTheDiskHasRoomAndSaysMeanwhileThatItIsAway() throws Exception {
    Path full = directory.resolve("full");
    Path program = FullDisk.program(directory, full);
    BlockingQueue<Boolean> there = new LinkedBlockingQueue<>();
    var properties =
        new EmbeddedRedisProperties(true, directory.resolve("data"), program, LIMIT, LIMIT, null);
    try (var redis = EmbeddedRedis.start(properties)) {
      redis.whenAway(there::add);
      call(redis, "SET", "key", "value");

      Files.createFile(full);
      ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
      assertThat(there.poll(60, TimeUnit.SECONDS)).isFalse();

      Files.delete(full);
      assertThat(there.poll(60, TimeUnit.SECONDS)).isTrue();
      assertThat(call(redis, "GET", "key")).isEqualTo("value");
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void saysThatTheEndOfItsFileWasCutOff(CapturedOutput output) throws IOException {
    try (var redis = start(directory)) {
      call(redis, "SET", "key", "value");
    }
    List<Path> written;
    try (var files = Files.walk(directory)) {
      written =
          files
              .filter(file -> file.toString().endsWith(".aof"))
              .filter(file -> !file.toString().contains(".base."))
              .toList();
    }
    assertThat(written).isNotEmpty();
    for (Path file : written) {
      Files.writeString(file, "*3\r\n$3\r\nSET\r\n$3\r\nke", StandardOpenOption.APPEND);
    }
    try (var redis = start(directory)) {
      assertThat(call(redis, "GET", "key")).isEqualTo("value");
    }
    assertThat(output).contains("append-only file was incomplete");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aCtrlCInTheTerminalDoesNotReachTheServer() throws IOException {
    try (var redis = start(directory)) {
      var stat = Files.readString(Path.of("/proc", String.valueOf(redis.pid()), "stat"));
      var afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      // state ppid pgrp session
      assertThat(afterName[2]).isEqualTo(String.valueOf(redis.pid()));
      assertThat(afterName[3]).isEqualTo(String.valueOf(redis.pid()));
    }
  }

  private static EmbeddedRedis start(Path directory) {
    return EmbeddedRedis.start(
        new EmbeddedRedisProperties(true, directory, null, LIMIT, LIMIT, null));
  }

  private static String call(EmbeddedRedis redis, String... words) throws IOException {
    try (var connection = new ServerConnection(redis.port(), redis.password())) {
      return connection.call(words).getFirst();
    }
  }

  /** Whether a process runs. A zombie, whose parent was killed, does not count. */
  private static final class ServerProcessState {
    static boolean isRunning(long pid) {
      return ProcessHandle.of(pid).map(ServerProcess::new).filter(p -> p.isRunning()).isPresent();
    }
  }
}
