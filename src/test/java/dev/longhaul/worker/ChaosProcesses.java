package dev.longhaul.worker;

import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The worker processes of one test, and the events that they have recorded. */
final class ChaosProcesses implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path directory;
  private final String url;
  private final String namespace;
  private final Duration lease;
  private final List<Process> alive = new ArrayList<>();

  ChaosProcesses(Path directory, String url, String namespace, Duration lease) {
    this.directory = directory;
    this.url = url;
    this.namespace = namespace;
    this.lease = lease;
  }

  /** Starts a process without waiting until it is ready. */
  Process launch(int slots) {
    return launch(slots, false);
  }

  /**
   * Starts a process without waiting until it is ready.
   *
   * @param submits whether it submits jobs itself, which its worker gets
   */
  Process launch(int slots, boolean submits) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ChaosProcess.class.getName(),
                  url,
                  namespace,
                  Long.toString(lease.toMillis()),
                  directory.toString(),
                  Integer.toString(slots),
                  submits ? "1" : "0")
              .redirectErrorStream(true)
              .redirectOutput(Files.createTempFile(directory, "worker", ".out").toFile())
              .start();
      alive.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a process and waits until it is ready. */
  Process start(int slots) {
    Process process = launch(slots);
    awaitReady(process);
    return process;
  }

  void awaitReady(Process process) {
    await()
        .atMost(LIMIT)
        .until(() -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("the worker ended; see " + directory);
          }
          return diary(process).contains("ready");
        });
  }

  /** kill -9. */
  void kill(Process process) {
    process.destroyForcibly().onExit().join();
    alive.remove(process);
  }

  /** SIGSTOP or SIGCONT. */
  static void signal(Process process, String name) {
    try {
      int rc =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (rc != 0) {
        throw new IllegalStateException("kill -" + name + " answered " + rc);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets tools that wait or spin continue. */
  void go() {
    try {
      Files.writeString(directory.resolve("go"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> diary(Process process) {
    return lines(directory.resolve(process.pid() + ".log"));
  }

  /** The events of all processes, including ended ones; in order within each process. */
  List<String> diaries() {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .flatMap(file -> lines(file).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often a job's tool was started. */
  static long starts(List<String> diaries, JobId id) {
    return diaries.stream().filter(line -> line.startsWith("start " + id + " ")).count();
  }

  /** The jobs with more than one accepted outcome. */
  static Set<String> acceptedTwice(List<String> diaries) {
    Set<String> once = new HashSet<>();
    Set<String> twice = new HashSet<>();
    diaries.stream()
        .filter(line -> line.startsWith("accepted "))
        .filter(line -> !once.add(line))
        .forEach(twice::add);
    return twice;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    List.copyOf(alive).forEach(this::kill);
  }
}
