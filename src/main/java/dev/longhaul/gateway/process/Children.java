package dev.longhaul.gateway.process;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the processes of upstreams, and ends those that are left. */
public final class Children implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Children.class);

  /** What the SDKs' clients hand on; anything else may be a secret of this process. */
  private static final List<String> INHERITED =
      List.of("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER");

  private final ChildRecords records;
  private final Set<ChildProcess> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Ends what an earlier process has started and left.
   *
   * @param records the directory for notes of which processes run, made if it is missing; null for
   *     no notes, so that nothing is found later
   */
  public Children(@Nullable Path records) {
    this.records = new ChildRecords(records);
    this.records.endLeft();
  }

  /**
   * Starts the command of an upstream.
   *
   * @param upstream its name
   * @throws ChildStartException if it cannot be started
   */
  public ChildProcess start(String upstream, Connection.Command command)
      throws InterruptedException {
    if (closed) {
      throw new ChildStartException(
          "The upstream " + upstream + " is not started, because Longhaul stops.", null);
    }
    ProcessBuilder builder = builder(upstream, command);
    List<String> secrets = new ArrayList<>(command.environment().values());
    secrets.addAll(command.secrets());
    ErrorOutput errors = new ErrorOutput(upstream, new Redaction(secrets));
    CompletableFuture<Process> started = new CompletableFuture<>();
    // The system ends the process with the thread that has started it (setpriv --pdeathsig), so
    // this is a thread that lives as long.
    var _ = Threads.loop("upstream-" + upstream + "-err", () -> live(builder, started, errors));
    try {
      return child(upstream, started.get(), errors);
    } catch (ExecutionException e) {
      throw new ChildStartException(
          "The command "
              + command.command().getFirst()
              + " of the upstream "
              + upstream
              + " cannot be started: "
              + String.valueOf(e.getCause()),
          e.getCause());
    } catch (InterruptedException e) {
      var _ = started.thenAccept(process -> child(upstream, process, errors).close());
      throw e;
    }
  }

  private static void live(
      ProcessBuilder builder, CompletableFuture<Process> started, ErrorOutput errors) {
    Process process;
    try {
      process = builder.start();
    } catch (IOException | RuntimeException e) {
      started.completeExceptionally(e);
      return;
    }
    started.complete(process);
    try {
      errors.read(process.getErrorStream());
    } catch (IOException e) {
      log.trace("Reading standard error of process {} failed", process.pid(), e);
    }
    boolean interrupted = true;
    while (interrupted) {
      try {
        var _ = process.waitFor();
        interrupted = false;
      } catch (InterruptedException e) {
        log.trace("The thread of process {} lives as long as it", process.pid(), e);
      }
    }
  }

  private ChildProcess child(String upstream, Process process, ErrorOutput errors) {
    ProcessId id = ProcessId.of(process.toHandle());
    boolean ownSession = Programs.ownSession();
    records.add(id, ownSession);
    CompletableFuture<ChildProcess> self = new CompletableFuture<>();
    ChildProcess child =
        new ChildProcess(
            upstream,
            process,
            new ProcessGroup(id, ownSession),
            errors,
            () -> {
              records.remove(id);
              var _ = self.thenAccept(running::remove);
            });
    running.add(child);
    self.complete(child);
    // What it has started ends with it.
    var _ =
        process
            .onExit()
            .thenRun(() -> Threads.virtual("upstream-" + upstream + "-end", child::close));
    if (closed) {
      child.close();
    }
    log.info("Upstream {} runs as process {}", upstream, process.pid());
    return child;
  }

  private static ProcessBuilder builder(String upstream, Connection.Command command) {
    Path directory = command.directory();
    if (directory != null && !Files.isDirectory(directory)) {
      throw new ChildStartException(
          "The directory "
              + directory
              + " of the upstream "
              + upstream
              + " does not exist. Create it, or correct cwd.",
          null);
    }
    if (command.maxMemory() > 0 && !Programs.limitsMemory()) {
      log.warn(
          "Upstream {} runs without max-memory, because prlimit is not installed; install util-linux",
          upstream);
    }
    Map<String, String> environment = environment(command.environment());
    String name = command.command().getFirst();
    Path program =
        Programs.find(name, directory, environment.get("PATH"))
            .orElseThrow(() -> missing(upstream, name, environment.get("PATH")));
    if (!Files.isExecutable(program)) {
      throw new ChildStartException(
          "The program "
              + program
              + " of the upstream "
              + upstream
              + " may not be run by this user. Give its file the permission (chmod +x), or name"
              + " the program that runs it as the command and it as the first of args.",
          null);
    }
    List<String> arguments = command.command().subList(1, command.command().size());
    ProcessBuilder builder =
        new ProcessBuilder(Programs.words(program, arguments, command.maxMemory()));
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  private static Map<String, String> environment(Map<String, String> configured) {
    Map<String, String> environment = new HashMap<>();
    for (String name : INHERITED) {
      String value = System.getenv(name);
      // A function of a shell is no value.
      if (value != null && !value.startsWith("()")) {
        environment.put(name, value);
      }
    }
    environment.putAll(configured);
    return environment;
  }

  private static ChildStartException missing(String upstream, String name, @Nullable String path) {
    return new ChildStartException(
        "There is no program "
            + name
            + " for the upstream "
            + upstream
            + ". Install it where the worker runs, on the PATH ("
            + (path == null ? "not set" : path)
            + "), or give its full path as the command.",
        null);
  }

  /** Ends all. */
  @Override
  public void close() {
    closed = true;
    List<Thread> ends =
        running.stream()
            .map(child -> Threads.virtual("upstream-" + child.upstream() + "-end", child::close))
            .toList();
    try {
      for (Thread end : ends) {
        end.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
