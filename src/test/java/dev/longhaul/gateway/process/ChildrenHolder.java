package dev.longhaul.gateway.process;

import dev.longhaul.gateway.config.Connection;
import dev.longhaul.thread.Threads;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A process with two children that outlive it, to be killed by a test. */
final class ChildrenHolder {
  /** How many process ids it prints. */
  static final int PROCESSES = 4;

  private static final List<String> SCRIPTS =
      List.of(
          // Ends with its standard input; what it has started does not.
          "sleep 1000 & echo $!; cat",
          // Ignores both signs that its parent has ended.
          "trap '' TERM; sleep 1000 & echo $!; while true; do sleep 1; done");

  private ChildrenHolder() {}

  static Process start(Path notes) throws IOException {
    String classPath =
        Stream.of(ChildrenHolder.class, Children.class, Threads.class, Logger.class, Nullable.class)
            .map(ChildrenHolder::place)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            classPath,
            ChildrenHolder.class.getName(),
            notes.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Prints the ids of the children and of what they have started, and waits. */
  public static void main(String[] arguments) throws Exception {
    Children children = new Children(Path.of(arguments[0]));
    for (String script : SCRIPTS) {
      ChildProcess child =
          children.start(
              "held", new Connection.Command(List.of("sh", "-c", script), Map.of(), null));
      System.out.println(child.pid());
      System.out.println(firstLine(child));
    }
    Thread.sleep(Long.MAX_VALUE);
  }

  private static String firstLine(ChildProcess child) {
    try {
      return new BufferedReader(new InputStreamReader(child.output(), StandardCharsets.UTF_8))
          .readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
