package dev.longhaul.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Tools that ignore interrupts. {@link Target} adds them to the class path of the process that it
 * starts, like the tools of another team. They read and write in the directory {@code data}.
 */
@AutoConfiguration
public class DeafTools {
  @Bean
  Deaf deaf() {
    return new Deaf();
  }

  /** The tools are controlled by files, because they react to nothing else. */
  public static class Deaf {
    private static final Path DATA = Path.of("data");

    /** Spins until the file release exists, and ignores interrupts. */
    @McpTool(
        name = "spin",
        description = "Computes and ignores its interrupt.",
        annotations = @McpTool.McpAnnotations(idempotentHint = true, destructiveHint = false))
    public String spin(String name) throws IOException {
      note(name);
      while (!Files.exists(DATA.resolve("release"))) {
        Thread.onSpinWait();
      }
      return "spun";
    }

    /** Waits for the file gate; can be interrupted. */
    @McpTool(name = "wait_at_gate", description = "Waits and heeds its interrupt.")
    public String waitAtGate(String name) throws IOException, InterruptedException {
      note(name);
      while (!Files.exists(DATA.resolve("gate"))) {
        Thread.sleep(20);
      }
      return "went through";
    }

    private static void note(String name) throws IOException {
      Files.writeString(
          DATA.resolve("runs"), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
