package dev.longhaul.bench;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.testing.Tools;
import dev.longhaul.worker.JobListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool that does nothing and one that hangs on its first attempt, with a record of their jobs.
 */
final class BenchTools implements JobListener {
  private static final int JOB_BYTES = 200;
  private static final String NOOP = "noop";
  private static final String HANG = "hang";
  private static final RetryPolicy REPEATABLE =
      new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true);
  private static final ObjectNode NOTHING = Tools.text("");

  private final Semaphore ended = new Semaphore(0);
  private volatile long began;

  RegisteredTools registered() {
    var tools = new RegisteredTools();
    tools.register(Tools.repeatable(NOOP, this::noop));
    tools.register(Tools.repeatable(HANG, BenchTools::hang));
    return tools;
  }

  /** A job whose params are 200 bytes of JSON. */
  static JobRequest noop() {
    String head = "{\"name\":\"noop\",\"arguments\":{\"data\":\"";
    String tail = "\"}}";
    return request(NOOP, head + "x".repeat(JOB_BYTES - head.length() - tail.length()) + tail);
  }

  static JobRequest hang() {
    return request(HANG, "{\"name\":\"hang\",\"arguments\":{}}");
  }

  private static JobRequest request(String tool, String params) {
    return new JobRequest(
        "tools/call",
        tool,
        params,
        "local",
        "default",
        Priority.DEFAULT,
        Duration.ZERO,
        false,
        Duration.ofMinutes(5),
        Duration.ofMinutes(30),
        REPEATABLE,
        Map.of());
  }

  /** {@link System#nanoTime()} at the last start of the tool. */
  long began() {
    return began;
  }

  void awaitEnded(int count) throws InterruptedException {
    ended.acquire(count);
  }

  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    ended.release();
  }

  private ObjectNode noop(ToolCall call) {
    began = System.nanoTime();
    return NOTHING;
  }

  // The first worker is killed here; the attempt in the second one ends.
  private static ObjectNode hang(ToolCall call) throws InterruptedException {
    QueueAgent.say("{\"attempt\":" + call.context().attempt() + "}");
    if (System.getProperty("bench.hang") != null) {
      Thread.sleep(Duration.ofMinutes(4));
    }
    return NOTHING;
  }
}
