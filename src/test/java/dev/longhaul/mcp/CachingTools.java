package dev.longhaul.mcp;

import dev.longhaul.tool.CachePredicate;
import dev.longhaul.tool.CacheScope;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tools whose result is the number of their runs, counted over all processes. */
@Configuration(proxyBeanMethods = false)
class CachingTools {
  /** A new one for each test, so that a tool left over from an earlier test takes no permit. */
  private static volatile Semaphore go = new Semaphore(0);

  private static final Map<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

  static void reset() {
    Semaphore before = go;
    go = new Semaphore(0);
    before.release(100);
  }

  /** Lets that number of waiting tools continue. */
  static void go(int tools) {
    go.release(tools);
  }

  /** The number of runs of a tool with this text. */
  static int runs(String tool, String text) {
    return runsOf(tool, text).get();
  }

  private static AtomicInteger runsOf(String tool, String text) {
    return RUNS.computeIfAbsent(tool + " " + text, _ -> new AtomicInteger());
  }

  private static String ran(String tool, String text) {
    return "run " + runsOf(tool, text).incrementAndGet() + " of " + text;
  }

  private static void pause() throws InterruptedException {
    if (!go.tryAcquire(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the test forgot the tool");
    }
  }

  /** The tools. */
  static final class Methods {
    @McpTool(name = "queued", description = "Says how often it ran.")
    @LonghaulTool(cacheable = true, cacheWhen = "/text != fickle")
    String queued(String text) {
      return ran("queued", text);
    }

    @McpTool(name = "at_once", description = "Says how often it ran.")
    @LonghaulTool(cache = "5m", execution = Execution.INLINE)
    String atOnce(String text) {
      return ran("at_once", text);
    }

    @McpTool(name = "shared", description = "Says how often it ran.")
    @LonghaulTool(cacheable = true, cacheScope = CacheScope.SHARED)
    String shared(String text) {
      return ran("shared", text);
    }

    @McpTool(name = "plain", description = "Says how often it ran.")
    String plain(String text) {
      return ran("plain", text);
    }

    @McpTool(name = "waits", description = "Waits for the test.")
    @LonghaulTool(cacheable = true)
    String waits(String text) throws InterruptedException {
      String ran = ran("waits", text);
      pause();
      return ran;
    }

    @McpTool(name = "brief", description = "Waits for the test.")
    @LonghaulTool(cache = "1ms")
    String brief(String text) throws InterruptedException {
      String ran = ran("brief", text);
      pause();
      return ran;
    }

    @McpTool(name = "waits_inline", description = "Waits for the test.")
    @LonghaulTool(cacheable = true, execution = Execution.INLINE)
    String waitsInline(String text) throws InterruptedException {
      String ran = ran("waits_inline", text);
      pause();
      return ran;
    }

    @McpTool(name = "fails", description = "Fails.")
    @LonghaulTool(cacheable = true, attempts = 1)
    String fails(String text) {
      throw new IllegalStateException(ran("fails", text));
    }

    @McpTool(name = "fails_inline", description = "Fails.")
    @LonghaulTool(cacheable = true, execution = Execution.INLINE)
    String failsInline(String text) {
      throw new IllegalStateException(ran("fails_inline", text));
    }

    record Seats(int seats) {}

    @McpTool(name = "asks", description = "Books seats.")
    @LonghaulTool(cacheable = true, execution = Execution.INLINE, repeatable = true)
    String asks(McpSyncRequestContext context) {
      StructuredElicitResult<Seats> result =
          context.elicit(spec -> spec.message("How many seats?"), Seats.class);
      return "booked " + result.structuredContent().seats() + " by " + JobContext.current().id();
    }

    @McpResource(uri = "report://{id}", name = "report")
    String report(String id) {
      return ran("report", id);
    }

    @McpResource(uri = "live://{id}", name = "live")
    String live(String id) {
      return ran("live", id);
    }
  }

  @Bean
  Methods cachingMethods() {
    return new Methods();
  }

  @Bean
  CachePredicate cachingPredicate() {
    return CachePredicate.of(
        "at_once",
        arguments -> {
          String text = arguments.path("text").asString("");
          if (text.equals("broken")) {
            throw new IllegalStateException("a broken predicate");
          }
          return !text.equals("fickle");
        });
  }
}
