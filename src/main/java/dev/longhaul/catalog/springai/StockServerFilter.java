package dev.longhaul.catalog.springai;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Prevents Spring AI from starting its own MCP server; its scanning of annotated methods stays. It
 * is a filter and not an exclusion on the application class, so that it also works with Longhaul as
 * a library.
 */
public final class StockServerFilter implements AutoConfigurationImportFilter {
  private static final String COMMON = "org.springframework.ai.mcp.server.common.autoconfigure.";
  private static final String WEBMVC = "org.springframework.ai.mcp.server.webmvc.autoconfigure.";
  private static final Set<String> STOCK =
      Set.of(
          COMMON + "McpServerAutoConfiguration",
          COMMON + "McpServerStatelessAutoConfiguration",
          WEBMVC + "McpServerSseWebMvcAutoConfiguration",
          WEBMVC + "McpServerStreamableHttpWebMvcAutoConfiguration",
          WEBMVC + "McpServerStatelessWebMvcAutoConfiguration");

  @Override
  public boolean[] match(
      @Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
    boolean[] keep = new boolean[autoConfigurationClasses.length];
    for (int i = 0; i < keep.length; i++) {
      String name = autoConfigurationClasses[i];
      keep[i] = name == null || !STOCK.contains(name);
    }
    return keep;
  }
}
