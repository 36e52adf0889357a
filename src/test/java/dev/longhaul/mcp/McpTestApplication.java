package dev.longhaul.mcp;

import dev.longhaul.LonghaulAutoConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The MCP front door alone, on a real web server and real Redis, before an intake in memory. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = LonghaulAutoConfiguration.class)
@Import(McpConfiguration.class)
class McpTestApplication {
  @Bean
  FakeIntake intake() {
    return new FakeIntake();
  }

  @Bean
  FakeTools tools() {
    return new FakeTools();
  }
}
