package dev.longhaul.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How relays find or start the server of a data directory. */
@Timeout(60)
class LocalServerTest {
  @TempDir Path directory;
  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<ServerSocket> started = new ConcurrentLinkedQueue<>();
  private final List<Process> processes = new ArrayList<>();

  /** Starts a server that is this process. */
  private final LocalServer.Launch launch =
      new LocalServer.Launch() {
        @Override
        public StartedProcess start(Path in, String key) throws IOException {
          serve("1");
          return StartedProcess.of(ProcessHandle.current());
        }

        @Override
        public String lastWords(Path in) {
          return "";
        }
      };

  private void serve(String version) throws IOException {
    serve(version, ProcessHandle.current());
  }

  private void serve(String version, ProcessHandle process) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    started.add(socket);
    new AddressFile(
            StartedProcess.of(process),
            URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/mcp"),
            version)
        .writeTo(directory.resolve(LocalServer.ADDRESS_FILE));
  }

  @AfterEach
  void stop() throws IOException {
    for (ServerSocket socket : started) {
      socket.close();
    }
    processes.forEach(Process::destroyForcibly);
  }

  private LocalServer server() {
    return new LocalServer(directory, launch, "1", log::add);
  }

  @Test
  void oneIsStartedWithAKeyThatOnlyItsOwnerCanRead() throws Exception {
    LocalServer server = server();
    assertThat(server.running()).isNull();
    Address address = server.address();
    assertThat(address.key()).matches("[0-9a-f]{64}");
    for (String file : List.of("stdio.key", "stdio.address", "stdio.process")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
          .isEqualTo("rw-------");
    }
    assertThat(server().address()).isEqualTo(address);
    assertThat(server().running()).isEqualTo(address);
    assertThat(started).hasSize(1);
  }

  @Test
  void tenAtOnceStartOne() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
      List<Callable<Address>> relays = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        relays.add(() -> server().address());
      }
      for (Future<Address> found : threads.invokeAll(relays)) {
        assertThat(found.get()).isEqualTo(server().address());
      }
    }
    assertThat(started).hasSize(1);
  }

  @Test
  void oneThatWasStoppedIsStartedAgainWithTheSameKey() throws Exception {
    LocalServer server = server();
    Address first = server.address();
    Process other = other();
    // As if that process had served, and has died.
    new AddressFile(StartedProcess.of(other.toHandle()), first.url(), "1")
        .writeTo(directory.resolve(LocalServer.ADDRESS_FILE));
    Files.delete(directory.resolve("stdio.process"));
    other.destroyForcibly().waitFor();
    Address second = server.after(first);
    assertThat(second.url()).isNotEqualTo(first.url());
    assertThat(second.key()).isEqualTo(first.key());
    assertThat(server.after(first)).isEqualTo(second); // as another thread has noticed
  }

  @Test
  void aPortWhoseServerHasEndedGetsNoKeyAlthoughItAnswers() throws Exception {
    Process ended = other();
    serve("1", ended.toHandle());
    LocalServer server = server();
    Address before = server.address();
    ended.destroyForcibly().waitFor();
    // The port still accepts connections, as if another user had it now.
    Address after = server.address();
    assertThat(after.url()).isNotEqualTo(before.url());
    assertThat(server.after(before)).isEqualTo(after);
  }

  @Test
  void aRetryGoesToNoServerThatHasEnded() throws Exception {
    Process ended = other();
    serve("1", ended.toHandle());
    LocalServer server = server();
    Address before = server.address();
    ended.destroyForcibly().waitFor();
    Address older = new Address(URI.create("http://127.0.0.1:1/mcp"), before.key());
    assertThat(server.after(older).url()).isNotEqualTo(before.url());
  }

  @Test
  void oneThatStopsIsWaitedFor() throws Exception {
    Process stopping = other();
    new AddressFile(
            StartedProcess.of(stopping.toHandle()), URI.create("http://127.0.0.1:1/mcp"), "1")
        .writeTo(directory.resolve(LocalServer.ADDRESS_FILE));
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Address> found = threads.submit(() -> server().address());
      assertThatThrownBy(() -> found.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      assertThat(started).isEmpty();
      stopping.destroyForcibly();
      assertThat(found.get()).isEqualTo(server().address());
    }
  }

  @Test
  void aZombieIsNoRunningProcess() throws Exception {
    // The shell starts a child that ends, and does not wait for it.
    Process shell = new ProcessBuilder("sh", "-c", "sleep 0.01 & echo $!; exec sleep 60").start();
    processes.add(shell);
    long pid = Long.parseLong(shell.inputReader().readLine());
    await().until(() -> !new StartedProcess(pid, "").isAlive());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessIsKnownByItsTicksSinceTheBootWhichNoChangeOfTheClockAffects() throws Exception {
    long pid = ProcessHandle.current().pid();
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String ticks = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    StartedProcess process = StartedProcess.of(ProcessHandle.current());
    assertThat(process.started()).isEqualTo(boot + "+" + ticks);
    assertThat(StartedProcess.of(process.properties())).isEqualTo(process);
    assertThat(process.isAlive()).isTrue();
    assertThat(new StartedProcess(pid, boot + "+1").isAlive()).isFalse();
    assertThat(new StartedProcess(pid, "another-boot+" + ticks).isAlive()).isFalse();
  }

  @Test
  void anotherVersionIsUsedAndSaid() throws Exception {
    serve("0.9");
    LocalServer server = server();
    var _ = server.address();
    assertThat(log.poll()).contains("0.9", "kill " + ProcessHandle.current().pid());
    assertThat(server.after(server.address())).isNotNull();
    assertThat(log).isEmpty(); // it is said once
  }

  @Test
  void oneThatDoesNotStartIsSaidWithItsLastWords() throws IOException, InterruptedException {
    Process dead = other();
    dead.destroyForcibly().waitFor();
    var server =
        new LocalServer(
            directory,
            new LocalServer.Launch() {
              @Override
              public StartedProcess start(Path in, String key) {
                return new StartedProcess(dead.pid(), "");
              }

              @Override
              public String lastWords(Path in) {
                return "The data directory is in use.";
              }
            },
            "1",
            log::add);
    assertThatThrownBy(server::address)
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("could not be started")
        .hasMessageContaining("in use");
  }

  private Process other() throws IOException {
    Process process = new ProcessBuilder("sleep", "60").start();
    processes.add(process);
    return process;
  }
}
