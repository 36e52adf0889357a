package dev.longhaul.load;

import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A tool that causes an OutOfMemoryError. */
@Configuration(proxyBeanMethods = false)
public class HungryTools {
  @Bean
  Hungry hungry() {
    return new Hungry();
  }

  static final class Hungry {
    @SuppressWarnings("DoNotCallSuggester") // tools are called by their annotation
    @McpTool(name = "eat_memory", description = "Runs out of memory.")
    String eat() {
      throw new OutOfMemoryError("eaten by the test");
    }
  }
}
