package dev.longhaul.tool.work;

import dev.longhaul.tool.JobStoppedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program for heavy or untrusted work, so that its memory use, crashes and endless loops do
 * not affect this process. There is no shell; by default the program gets an empty environment and
 * a new temporary directory. When it ends, times out or its call is cancelled, all processes that
 * it has started are killed.
 *
 * <pre>{@code
 * String text =
 *     Subprocess.of("pdftotext", "-", "-").input(pdf).timeout(Duration.ofSeconds(30))
 *         .maxMemory(512L << 20).run().orThrow().text();
 * }</pre>
 *
 * <p>This limits resources but is not a sandbox. The program runs as this process's user and may
 * read what that user may read and reach the network.
 *
 * <ul>
 *   <li><b>Memory</b> is limited on Linux with {@code prlimit} (util-linux), for each process
 *       separately and as address space ({@code ulimit -v}). Programs that reserve much more than
 *       they use, such as a JVM, need a larger figure. Elsewhere the limit has no effect, and
 *       {@link SubprocessResult#memoryLimited()} says so.
 *   <li><b>All processes</b> are those of the program's session on Linux with {@code setsid}
 *       (util-linux), and its descendants everywhere. One that creates a new session and outlives
 *       its parent is not found.
 * </ul>
 */
public final class Subprocess {
  /** The default time-out. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  /** The default limit for standard output, in bytes. */
  public static final int DEFAULT_MAX_OUTPUT = 10 << 20;

  /** The default number of bytes of standard error that are kept. */
  public static final int DEFAULT_MAX_ERRORS = 64 << 10;

  private static final int MOST = 1 << 30;
  private static final long LEAST_MEMORY = 1 << 20;

  private final List<String> command;
  private final @Nullable Path directory;
  private final Map<String, String> environment;
  private final byte[] input;
  private final Duration timeout;
  private final int maxOutput;
  private final int maxErrors;
  private final long maxMemory;

  private Subprocess(
      List<String> command,
      @Nullable Path directory,
      Map<String, String> environment,
      byte[] input,
      Duration timeout,
      int maxOutput,
      int maxErrors,
      long maxMemory) {
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw new IllegalArgumentException("command is empty; give a program and its arguments.");
    }
    for (String word : command) {
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "command has a NUL character, which no program accepts.");
      }
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout is " + timeout + "; give more than 0.");
    }
    bounded("maxOutput", maxOutput);
    bounded("maxErrors", maxErrors);
    if (maxMemory != 0 && maxMemory < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "maxMemory is " + maxMemory + " bytes; give 0 for no limit, or 1 MB and more.");
    }
    this.command = List.copyOf(command);
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.input = input.clone();
    this.timeout = timeout;
    this.maxOutput = maxOutput;
    this.maxErrors = maxErrors;
    this.maxMemory = maxMemory;
  }

  private static void bounded(String name, int bytes) {
    if (bytes < 0 || bytes > MOST) {
      throw new IllegalArgumentException(name + " is " + bytes + "; give 0 to " + MOST + " bytes.");
    }
  }

  /**
   * Creates a subprocess from a program and its arguments, which are passed without interpretation.
   *
   * @param command the program, as a path or as a name on this process's {@code PATH}, then its
   *     arguments
   */
  public static Subprocess of(String... command) {
    return of(List.of(command));
  }

  /** The same with a list. */
  public static Subprocess of(List<String> command) {
    return new Subprocess(
        command,
        null,
        Map.of(),
        new byte[0],
        DEFAULT_TIMEOUT,
        DEFAULT_MAX_OUTPUT,
        DEFAULT_MAX_ERRORS,
        0);
  }

  /** Runs it in this directory, which is not deleted afterwards. */
  public Subprocess directory(Path where) {
    return new Subprocess(
        command, where, environment, input, timeout, maxOutput, maxErrors, maxMemory);
  }

  /** Runs it with exactly these environment variables. */
  public Subprocess environment(Map<String, String> variables) {
    return new Subprocess(
        command, directory, variables, input, timeout, maxOutput, maxErrors, maxMemory);
  }

  /** Writes these bytes to its standard input. */
  public Subprocess input(byte[] bytes) {
    return new Subprocess(
        command, directory, environment, bytes, timeout, maxOutput, maxErrors, maxMemory);
  }

  /** Kills it after this time. */
  public Subprocess timeout(Duration most) {
    return new Subprocess(
        command, directory, environment, input, most, maxOutput, maxErrors, maxMemory);
  }

  /** Kills it when it has written more bytes than this. */
  public Subprocess maxOutput(int bytes) {
    return new Subprocess(
        command, directory, environment, input, timeout, bytes, maxErrors, maxMemory);
  }

  /** Keeps the last bytes of its standard error, up to this number. */
  public Subprocess maxErrors(int bytes) {
    return new Subprocess(
        command, directory, environment, input, timeout, maxOutput, bytes, maxMemory);
  }

  /** Limits the address space of each of its processes, if the platform supports it. */
  public Subprocess maxMemory(long bytes) {
    return new Subprocess(
        command, directory, environment, input, timeout, maxOutput, maxErrors, bytes);
  }

  /**
   * Runs it and waits for its end; does not check the exit code.
   *
   * @throws SubprocessException if it cannot be started, takes too long or writes too much
   * @throws JobStoppedException if the call was cancelled or timed out, or the thread interrupted
   */
  public SubprocessResult run() {
    return new SubprocessRun(this).run();
  }

  List<String> command() {
    return command;
  }

  /** Null for a temporary directory that is deleted afterwards. */
  @Nullable Path directory() {
    return directory;
  }

  Map<String, String> environment() {
    return environment;
  }

  byte[] input() {
    return input;
  }

  Duration timeout() {
    return timeout;
  }

  int maxOutput() {
    return maxOutput;
  }

  int maxErrors() {
    return maxErrors;
  }

  long maxMemory() {
    return maxMemory;
  }
}
