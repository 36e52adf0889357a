package dev.longhaul.tool.work;

import dev.longhaul.thread.Threads;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.work.SubprocessException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** One run of a {@link Subprocess}. */
final class SubprocessRun {
  private static final Logger log = LoggerFactory.getLogger(SubprocessRun.class);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Subprocess asked;
  private final String program;

  SubprocessRun(Subprocess asked) {
    this.asked = asked;
    Path path = Path.of(asked.command().getFirst()).getFileName();
    this.program = path == null ? asked.command().getFirst() : path.toString();
  }

  SubprocessResult run() {
    Stops.check("starting " + program);
    Path configured = asked.directory();
    if (configured != null) {
      return in(configured);
    }
    Path temporary = null;
    try {
      temporary = Files.createTempDirectory("longhaul-subprocess-");
      return in(temporary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(temporary);
    }
  }

  private static void delete(@Nullable Path directory) {
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      log.warn(
          "The directory {} of a subprocess could not be deleted: {}", directory, e.toString());
    }
  }

  private SubprocessResult in(Path directory) {
    Launch launch = Launch.of(asked, program);
    ProcessBuilder builder = new ProcessBuilder(launch.words()).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(asked.environment());
    long began = System.nanoTime();
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new SubprocessException(
          Reason.NOT_STARTED, program + " cannot be started: " + e.getMessage() + ".", -1, "");
    }
    ProcessTree tree = new ProcessTree(process, launch.ownSession());
    Captured output = Captured.upTo(asked.maxOutput(), tree::kill);
    Captured errors = Captured.last(asked.maxErrors());
    Thread[] threads = {
      start("out", () -> output.read(process.getInputStream())),
      start("err", () -> errors.read(process.getErrorStream())),
      start("in", () -> feed(process))
    };
    int exit;
    try {
      exit = await(process, began, errors, tree);
    } finally {
      // Remaining processes may hold the pipes open, and must not outlive the call.
      tree.kill();
      join(threads);
    }
    if (output.overflowed()) {
      throw new SubprocessException(
          Reason.TOO_MUCH_OUTPUT,
          program
              + " wrote more than "
              + asked.maxOutput()
              + " bytes to standard output and was killed. Raise maxOutput, or ask it for less.",
          -1,
          errors.text());
    }
    return new SubprocessResult(
        program,
        exit,
        output.bytes(),
        errors.text(),
        Duration.ofNanos(System.nanoTime() - began),
        launch.memoryLimited());
  }

  private int await(Process process, long began, Captured errors, ProcessTree tree) {
    String step = "running " + program;
    try {
      while (true) {
        Stops.check(step);
        long left = asked.timeout().toNanos() - (System.nanoTime() - began);
        long look = TimeUnit.MILLISECONDS.toNanos(Stops.LOOK_MILLIS);
        if (process.waitFor(Math.clamp(left, 1, look), TimeUnit.NANOSECONDS)) {
          return process.exitValue();
        }
        if (left <= 0) {
          tree.kill();
          throw new SubprocessException(
              Reason.TIMED_OUT,
              program
                  + " took longer than "
                  + asked.timeout().toMillis() / 1000.0
                  + " s and was killed. Raise its timeout, or give it less to do.",
              -1,
              errors.text());
        }
      }
    } catch (InterruptedException e) {
      throw Stops.interrupted(step);
    } catch (JobStoppedException e) {
      log.debug("Killing {}, because its call was stopped", program);
      throw e;
    }
  }

  private Thread start(String name, Runnable work) {
    // Not a virtual thread, because reading a pipe would block its carrier thread.
    return Threads.platform("subprocess-" + program + "-" + name, work);
  }

  private void feed(Process process) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(asked.input());
    } catch (IOException e) {
      // The program may end without reading all of its input.
      log.trace("{} did not read all of its input", program, e);
    }
  }

  private static void join(Thread[] threads) {
    boolean interrupted = Thread.interrupted();
    try {
      for (Thread thread : threads) {
        // With a limit, because a process that was not found may hold a pipe open forever.
        thread.join(GRACE);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
