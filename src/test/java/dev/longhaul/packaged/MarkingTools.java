package dev.longhaul.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Tools in a jar, for all builds. Each call appends {@code TOOL NAME PID} to one file, waits for a
 * mark if it is told to, and returns its name and the id of the request that it came with, which is
 * a header.
 */
final class MarkingTools {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String SOURCE =
      """
      package com.example.tools;

      import java.nio.file.*;
      import org.slf4j.MDC;
      import org.springframework.ai.mcp.annotation.McpTool;
      import org.springframework.ai.mcp.annotation.McpToolParam;
      import org.springframework.boot.autoconfigure.AutoConfiguration;
      import org.springframework.context.annotation.Bean;

      @AutoConfiguration
      public class MarkingTools {
        @Bean
        Marker marker() {
          return new Marker();
        }

        public static class Marker {
          @McpTool(name = "read", description = "May run again.",
              annotations = @McpTool.McpAnnotations(readOnlyHint = true))
          public String read(String name, @McpToolParam(required = false) String until) throws Exception {
            return run("read", name, until);
          }

          @McpTool(name = "write", description = "May not run again.")
          public String write(String name, @McpToolParam(required = false) String until) throws Exception {
            return run("write", name, until);
          }

          @McpTool(name = "ordered", description = "One at a time, over all workers.")
          public String ordered(String name) throws Exception {
            return run("ordered", name, null);
          }

          @McpTool(name = "cached", description = "Its result is cached.",
              annotations = @McpTool.McpAnnotations(readOnlyHint = true))
          public String cached(String name) throws Exception {
            return run("cached", name, null);
          }

          @McpTool(name = "fail", description = "Fails unless there is a file of this name.")
          public String fail(String name) throws Exception {
            run("fail", name, null);
            if (!Files.exists(dir().resolve(name))) {
              throw new IllegalStateException("not yet");
            }
            return "at last";
          }

          private static String run(String tool, String name, String until) throws Exception {
            String pid = Long.toString(ProcessHandle.current().pid());
            Files.writeString(dir().resolve("runs"), tool + " " + name + " " + pid + "\\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            while (until != null && !Files.exists(dir().resolve(until))) {
              Thread.sleep(20);
            }
            return "done " + name + " for " + MDC.get("request_id");
          }

          private static Path dir() {
            return Path.of(System.getenv("MARKS"));
          }
        }
      }
      """;

  private final Path jars;
  private final Path marks;

  /**
   * Writes the jar.
   *
   * @param directory an empty one
   */
  MarkingTools(Path directory) throws IOException {
    marks = Files.createDirectory(directory.resolve("marks"));
    jars = Files.createDirectory(directory.resolve("tools"));
    ToolJar.write(jars.resolve("marking.jar"), directory, "MarkingTools", "Marker", SOURCE);
  }

  /** The directory with the jar, for {@code longhaul.tool-path}. */
  Path jars() {
    return jars;
  }

  /** What the tools find in the environment variable {@code MARKS}. */
  Path marks() {
    return marks;
  }

  /** Lets all calls go on that wait for this mark. */
  void mark(String name) throws IOException {
    Files.writeString(marks.resolve(name), "");
  }

  /** Waits until all of these began, each {@code TOOL NAME}. */
  void awaitRuns(String... wanted) {
    Awaitility.await().atMost(LIMIT).until(() -> runs().containsAll(List.of(wanted)));
  }

  /** What ran, in order, without the process. */
  List<String> runs() throws IOException {
    return lines().map(line -> line.substring(0, line.lastIndexOf(' '))).toList();
  }

  /** The processes that ran this, each {@code TOOL NAME}, in order. */
  List<Long> runners(String run) throws IOException {
    return lines()
        .filter(line -> line.startsWith(run + " "))
        .map(line -> Long.valueOf(line.substring(run.length() + 1)))
        .toList();
  }

  private Stream<String> lines() throws IOException {
    Path file = marks.resolve("runs");
    return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.of();
  }
}
