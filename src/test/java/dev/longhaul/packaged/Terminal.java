package dev.longhaul.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A bash for several blocks of commands, which keeps variables and functions between them. */
final class Terminal implements AutoCloseable {
  private static final String END = "--- end of block ---";

  private final Process bash;
  private final Writer input;
  private final BufferedReader output;

  Terminal(Path directory, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--norc")
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    bash = builder.start();
    input = bash.outputWriter(UTF_8);
    output = bash.inputReader(UTF_8);
  }

  /**
   * Runs the commands and returns their output.
   *
   * @throws IllegalStateException with the output so far if they do not end in time
   */
  String run(String commands, Duration limit)
      throws IOException, InterruptedException, ExecutionException {
    input.write(commands + "\necho; echo '" + END + "'\n");
    input.flush();
    Queue<String> written = new ConcurrentLinkedQueue<>();
    var finished = CompletableFuture.runAsync(() -> readTo(END, written));
    try {
      finished.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Not finished in " + limit + ", but written:\n" + String.join("\n", written), e);
    }
    return String.join("\n", written);
  }

  private void readTo(String end, Queue<String> written) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.equals(end)) {
          return;
        }
        written.add(line);
      }
      throw new IllegalStateException("bash ended after:\n" + String.join("\n", written));
    } catch (IOException e) {
      throw new IllegalStateException(
          "bash's output cannot be read after:\n" + String.join("\n", written), e);
    }
  }

  /** Ends bash and its background processes. */
  @Override
  public void close() {
    var children = bash.descendants().toList();
    bash.destroy();
    children.forEach(ProcessHandle::destroy);
    children.forEach(child -> child.onExit().completeOnTimeout(child, 60, TimeUnit.SECONDS).join());
  }
}
