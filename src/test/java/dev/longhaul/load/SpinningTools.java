package dev.longhaul.load;

import dev.longhaul.tool.Execution;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import java.time.Duration;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tools that compute until they are cancelled, and one that only waits. For a separate process,
 * which ends with the process that started it.
 */
@Configuration(proxyBeanMethods = false)
public class SpinningTools {
  @Bean
  Spinning spinning() {
    ProcessHandle test = ProcessHandle.current().parent().orElseThrow();
    var _ = test.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
    return new Spinning();
  }

  static final class Spinning {
    private static final long LONGEST = Duration.ofMinutes(5).toNanos();

    @McpTool(name = "spin", description = "Computes.")
    String spin() {
      return compute();
    }

    @McpTool(name = "spin_inline", description = "Computes.")
    @LonghaulTool(execution = Execution.INLINE)
    String inline() {
      return compute();
    }

    @McpTool(name = "spin_virtual", description = "Computes on virtual threads of its own.")
    String virtual() throws InterruptedException {
      int threads = 2 * Runtime.getRuntime().availableProcessors();
      Thread last = Thread.currentThread();
      for (int i = 0; i < threads; i++) {
        last =
            Thread.ofVirtual()
                .start(
                    JobContext.wrap(() -> {
                      var _ = compute();
                    }));
      }
      last.join();
      return "";
    }

    @McpTool(name = "wait", description = "Waits.")
    @LonghaulTool(hold = "1s")
    String waiting() throws InterruptedException {
      Thread.sleep(Duration.ofNanos(LONGEST));
      return "";
    }

    private static String compute() {
      JobContext call = JobContext.current();
      long begun = System.nanoTime();
      while (!call.cancelled() && System.nanoTime() - begun < LONGEST) {
        Thread.onSpinWait();
      }
      return "";
    }
  }
}
