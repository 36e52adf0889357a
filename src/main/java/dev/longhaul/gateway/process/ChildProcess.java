package dev.longhaul.gateway.process;

import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running process of an upstream, with the processes that it has started. */
public final class ChildProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
  // As the MCP specification asks for: its input is closed, then it gets a signal, then it is
  // killed. Together less than the 4 seconds after which another worker may start the same
  // upstream.
  private static final Duration INPUT_GRACE = Duration.ofSeconds(1);
  private static final Duration SIGNAL_GRACE = Duration.ofMillis(1_500);
  private static final Duration FATE_LIMIT = Duration.ofSeconds(1);

  private final String upstream;
  private final Process process;
  private final ProcessGroup group;
  private final ErrorOutput errors;
  private final Runnable whenEnded;
  private boolean ended;

  /**
   * @param whenEnded called once, when no process is left
   */
  ChildProcess(
      String upstream,
      Process process,
      ProcessGroup group,
      ErrorOutput errors,
      Runnable whenEnded) {
    this.upstream = upstream;
    this.process = process;
    this.group = group;
    this.errors = errors;
    this.whenEnded = whenEnded;
  }

  /** The name of the upstream. */
  public String upstream() {
    return upstream;
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What is written to its standard input. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** What it writes to its standard output. */
  public InputStream output() {
    return process.getInputStream();
  }

  /** The last lines of its standard error, without configured values. */
  public String lastErrors() {
    return errors.lastLines();
  }

  /**
   * What became of it, as the end of a sentence, with its last lines on standard error. Waits
   * briefly for its end.
   *
   * @param otherwise what is said if it still runs
   */
  public String fate(String otherwise) {
    String what = otherwise;
    try {
      if (process.waitFor(FATE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        what = "ended with exit code " + process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String lines = lastErrors();
    return lines.isEmpty()
        ? what + ", without a word on standard error."
        : what + ". Its last lines on standard error: " + lines;
  }

  /**
   * Ends it and all that it has started: closes its standard input, and after a time of grace sends
   * a signal, and then kills. Returns when they have ended. Not interruptible.
   */
  @Override
  public synchronized void close() {
    if (ended) {
      return;
    }
    ended = true;
    if (process.isAlive()) {
      group.note();
      closeInput();
      awaitExit();
    }
    group.end(SIGNAL_GRACE);
    log.debug("The process {} of upstream {} has ended", process.pid(), upstream);
    whenEnded.run();
  }

  // Of the first process only: what it has started mostly ends with it.
  private void awaitExit() {
    boolean interrupted = Thread.interrupted();
    try {
      var _ = process.waitFor(INPUT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // Not in this thread: a writer that the process keeps blocked has the stream's lock.
  private void closeInput() {
    var _ =
        Threads.virtual(
            "upstream-" + upstream + "-close",
            () -> {
              try {
                process.getOutputStream().close();
              } catch (IOException e) {
                log.trace("Closing the input of upstream {} failed", upstream, e);
              }
            });
  }
}
