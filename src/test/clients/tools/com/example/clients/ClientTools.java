package com.example.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** The tools that every foreign client is tried with. What they do is noted in the file EVENTS names. */
@AutoConfiguration
public class ClientTools {
  @Bean
  Tried tried() {
    return new Tried();
  }

  public record Color(String color) {}

  public static class Tried {
    private final Path events = Path.of(System.getenv("EVENTS"));

    @McpTool(
        name = "echo",
        description = "Says what it is given.",
        annotations = @McpTool.McpAnnotations(readOnlyHint = true, destructiveHint = false))
    public String echo(@McpToolParam(description = "what to say") String text) {
      return "Echo: " + text;
    }

    @McpTool(
        name = "nap",
        description = "Sleeps for some seconds and reports its progress.",
        annotations = @McpTool.McpAnnotations(idempotentHint = true, destructiveHint = false))
    public String nap(
        McpSyncRequestContext context,
        @McpToolParam(description = "how many seconds") int seconds,
        @McpToolParam(description = "whose nap it is") String label)
        throws InterruptedException {
      note("start", label);
      try {
        for (int i = 1; i <= seconds; i++) {
          Thread.sleep(1000);
          int done = i;
          context.progress(p -> p.progress(done).total((double) seconds).message("slept " + done));
        }
      } catch (InterruptedException e) {
        note("interrupted", label);
        throw e;
      }
      note("end", label);
      return "Slept " + seconds + " s for " + label;
    }

    @McpTool(
        name = "ask_color",
        description = "Asks the user for a colour.",
        annotations = @McpTool.McpAnnotations(readOnlyHint = true, destructiveHint = false))
    public String ask(
        McpSyncRequestContext context, @McpToolParam(description = "who asks") String label) {
      StructuredElicitResult<Color> answer =
          context.elicit(e -> e.message("Which colour for " + label + "?"), Color.class);
      return "Answer: " + answer.action() + " " + answer.structuredContent();
    }

    @McpTool(
        name = "large",
        description = "Answers with a long text.",
        annotations = @McpTool.McpAnnotations(readOnlyHint = true, destructiveHint = false))
    public String large(@McpToolParam(description = "how many kilobytes") int kilobytes) {
      return "0123456789abcdef".repeat(64 * kilobytes) + "THE-END";
    }

    private void note(String what, String label) {
      try {
        Files.writeString(
            events, what + " " + label + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
