package containers;

import dev.longhaul.tool.LonghaulTool;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A tool of somebody's own, in a jar that is mounted at /tools. */
@Configuration(proxyBeanMethods = false)
public class SlowTools {
  /** Its methods. */
  public static class Methods {
    @McpTool(name = "count_slowly", description = "Says the number after a while")
    @LonghaulTool(repeatable = true, timeout = "2m", attempts = 10)
    public String countSlowly(int number, int millis) throws InterruptedException {
      Thread.sleep(millis);
      return "counted " + number;
    }
  }

  @Bean
  Methods slowToolMethods() {
    return new Methods();
  }
}
