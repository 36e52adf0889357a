package dev.longhaul.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command stdio of the packaged jar, as a client starts it. */
@Timeout(300)
class StdioIT {
  private static final int LIMIT_SECONDS = 120;
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}}\n"
          + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
          + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{}}\n";

  @TempDir Path directory;

  @Test
  void tenRelaysAtOnceShareOneServerThatOutlivesThemAndStopsWhenItIsIdle() throws Exception {
    List<Process> relays = new ArrayList<>();
    long server = 0;
    try {
      for (int i = 0; i < 10; i++) {
        relays.add(start());
      }
      for (Process relay : relays) {
        send(relay);
      }
      for (Process relay : relays) {
        BufferedReader lines = relay.inputReader(UTF_8);
        assertThat(lines.readLine()).contains("\"id\":1", "longhaul");
        assertThat(lines.readLine()).contains("\"id\":2", "profile_dataset");
      }
      server = serverPid();
      assertThat(Files.readString(directory.resolve("longhaul.log"))).containsOnlyOnce("is ready");

      for (Process relay : relays.subList(0, 9)) {
        relay.getOutputStream().close();
        assertThat(relay.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(relay.exitValue()).isZero();
        assertThat(relay.inputReader(UTF_8).readLine()).isNull();
      }
      Process last = relays.get(9);
      assertThat(last.toHandle().destroy()).isTrue(); // SIGTERM
      assertThat(last.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(serverPid()).isEqualTo(server);

      long pid = server;
      Awaitility.await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> hasEnded(pid));
      assertThat(Files.readString(directory.resolve("longhaul.log")))
          .contains("longhaul.idle-stop");
    } finally {
      relays.forEach(Process::destroyForcibly);
      ProcessHandle.of(server == 0 ? Long.MAX_VALUE : server).ifPresent(ProcessHandle::destroy);
    }
  }

  /** Also if nobody has waited for it, since its parent has ended. */
  private static boolean hasEnded(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "stat")).contains(") Z ");
    } catch (IOException noSuchProcess) {
      return true;
    }
  }

  private long serverPid() throws IOException {
    Properties address = new Properties();
    try (var in = Files.newBufferedReader(directory.resolve("stdio.address"))) {
      address.load(in);
    }
    return Long.parseLong(address.getProperty("pid"));
  }

  private static void send(Process relay) throws IOException {
    OutputStream in = relay.getOutputStream();
    in.write(INITIALIZE.getBytes(UTF_8));
    in.flush();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-jar",
            RunningServer.jar().toString(),
            "stdio",
            "--data-directory",
            directory.toString(),
            // Longer than ten processes take to start on a busy machine.
            "--longhaul.idle-stop=20s")
        .redirectError(directory.resolve("relays.log").toFile())
        .start();
  }
}
