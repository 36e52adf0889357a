package dev.longhaul.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar with one tool, as another team would build it. */
final class ToolJar {
  private static final String SOURCE =
      """
      package com.example.tools;

      import org.springframework.ai.mcp.annotation.McpTool;
      import org.springframework.ai.mcp.annotation.McpToolParam;
      import org.springframework.boot.autoconfigure.AutoConfiguration;
      import org.springframework.context.annotation.Bean;

      @AutoConfiguration
      public class GreetingTools {
        @Bean
        Greeter greeter() {
          return new Greeter();
        }

        public static class Greeter {
          @McpTool(name = "greet_team", description = "Greets a team by name.")
          public String greet(@McpToolParam(description = "the team") String team) {
            return "Hello, " + team + "!";
          }
        }
      }
      """;

  private ToolJar() {}

  /** Writes the jar with the greeting tool. */
  static void write(Path jar, Path work) throws IOException {
    write(jar, work, "GreetingTools", "Greeter", SOURCE);
  }

  /**
   * Compiles tools with the test's own class path and writes their jar.
   *
   * @param configuration the auto-configuration, a class of the package com.example.tools
   * @param nested the class inside it that has the tools
   */
  static void write(Path jar, Path work, String configuration, String nested, String code)
      throws IOException {
    Path source = work.resolve("com/example/tools/" + configuration + ".java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, code);
    Path classes = Files.createDirectories(work.resolve("classes"));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-parameters",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString());
    if (failed != 0) {
      throw new IllegalStateException("The tool's source does not compile.");
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (String name : List.of(configuration, configuration + "$" + nested)) {
        String path = "com/example/tools/" + name + ".class";
        entries.putNextEntry(new JarEntry(path));
        entries.write(Files.readAllBytes(classes.resolve(path)));
      }
      entries.putNextEntry(
          new JarEntry(
              "META-INF/spring/"
                  + "org.springframework.boot.autoconfigure.AutoConfiguration.imports"));
      entries.write(("com.example.tools." + configuration + "\n").getBytes(UTF_8));
    }
  }
}
