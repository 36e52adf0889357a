package dev.longhaul.rest;

import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.JobContext;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole application on a real Redis, shared by all tests without special settings. */
@SpringBootTest(
    classes = {LonghaulApplication.class, RestFixture.Beans.class, ResultPagesTest.Served.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.standalone=true",
      "longhaul.rest.max-response-size=20KB",
      "longhaul.flows.request.max-steps=5",
      "longhaul.tools.scarce.concurrency=1",
      "longhaul.tools.scarce.rate=100/s",
      "longhaul.tools.count.breaker-failures=0",
      "longhaul.tools.elsewhere.queue=cpu"
    })
abstract class RestFixture {
  static final String JOBS = "/api/v1/jobs";

  @LocalServerPort int port;
  @Autowired Toolbox toolbox;
  RestClient rest;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    String namespace = TestRedis.namespace();
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", () -> namespace);
  }

  /** Tools, some of which wait until the test lets them continue. */
  static final class Toolbox {
    final Queue<String> noted = new ConcurrentLinkedQueue<>();
    final BlockingQueue<String> running = new LinkedBlockingQueue<>();
    final Semaphore scarce = new Semaphore(0);
    private volatile CountDownLatch gate = new CountDownLatch(1);

    /** Lets the slow tool end. */
    void open() {
      gate.countDown();
    }

    @McpTool(name = "count", description = "Says the number.")
    String count(int number) {
      if (number < 0) {
        throw new IllegalStateException("below zero");
      }
      return "number " + number;
    }

    @McpTool(name = "add", description = "Adds numbers.")
    int add(int a, int b) {
      return a + b;
    }

    @McpTool(name = "sum", description = "Adds a list.")
    int sum(List<Integer> items, int more) {
      return items.stream().mapToInt(Integer::intValue).sum() + more;
    }

    /** Returns a record, so that the tool has an output schema. */
    record Pair(int number, String word, List<Integer> list) {}

    @McpTool(name = "pair", description = "Makes a record.", generateOutputSchema = true)
    Pair pair(int number) {
      return new Pair(number, "no. " + number, List.of(number, number + 1));
    }

    @McpTool(name = "note", description = "Notes a text.")
    String note(String text) {
      noted.add(text);
      return text;
    }

    @McpTool(name = "fail", description = "Fails.")
    String fail() {
      throw new IllegalStateException("it failed");
    }

    @McpTool(name = "slow", description = "Waits for the test.")
    String slow() throws InterruptedException {
      JobContext job = JobContext.current();
      job.checkpoint("counting");
      job.checkpoint("waiting");
      job.progress(0.5, "half way");
      job.partial(List.of("a", "b"), 2, 3L);
      return waited(gate.await(60, TimeUnit.SECONDS));
    }

    @McpTool(name = "scarce", description = "Waits for the test.")
    String scarce() throws InterruptedException {
      running.add(JobContext.current().id());
      return waited(scarce.tryAcquire(60, TimeUnit.SECONDS));
    }

    @McpTool(name = "elsewhere", description = "Has a queue of its own.")
    String elsewhere() {
      return "done";
    }

    private static String waited(boolean released) {
      if (!released) {
        throw new IllegalStateException("the test forgot the tool");
      }
      return "done";
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    Toolbox toolbox() {
      return new Toolbox();
    }

    /** The caller is named by a header of the request. */
    @Bean
    CallerResolver callers() {
      return request -> {
        String name = request.getHeader("Test-Caller");
        return name == null ? Caller.LOCAL : new Caller(name);
      };
    }
  }

  @BeforeEach
  void begin() {
    rest = new RestClient(port);
    toolbox.gate = new CountDownLatch(1);
    toolbox.noted.clear();
    toolbox.running.clear();
  }

  @AfterEach
  void letGo() {
    toolbox.open();
  }

  /** Waits for the end of a job, batch or chain, and returns it. */
  JsonNode ended(String self) {
    JsonNode[] last = new JsonNode[1];
    await()
        .atMost(2, TimeUnit.MINUTES)
        .until(() -> {
          last[0] = rest.get(self + "?wait_seconds=30").json();
          return !last[0].path("finished_at").isNull();
        });
    return last[0];
  }

  /** Submits a call and returns the path of its job. */
  String submitted(String tool, String arguments) {
    return JOBS + "/" + rest.submit(tool, arguments);
  }

  /** Posts a body with an idempotency key. */
  RestClient.Answer keyed(String path, String key, String body) {
    return rest.send(
        rest.request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }
}
