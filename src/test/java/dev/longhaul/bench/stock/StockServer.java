package dev.longhaul.bench.stock;

import dev.longhaul.bench.mcp.BenchThings;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Spring AI's starter with default settings and its streamable transport. Run without Longhaul's
 * classes on the class path, because they would be auto-configured.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(BenchThings.class)
public class StockServer {

  public static void main(String[] args) {
    var application = new SpringApplication(StockServer.class);
    application.setDefaultProperties(
        Map.of(
            "spring.ai.mcp.server.protocol", "STREAMABLE",
            "spring.ai.mcp.server.type", "SYNC",
            // As in Longhaul; it has no effect on the measured calls.
            "spring.threads.virtual.enabled", "true",
            "server.address", "127.0.0.1",
            "logging.level.root", "warn"));
    application.run(args);
  }
}
