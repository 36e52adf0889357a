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
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool that does nothing and one that hangs on its first attempt, with a record of their jobs.
 */
final class BenchTools implements JobListener {
  private static final int JOB_BYTES = 200;
  private static final String NOOP = "noop";
  private static final String FIRST = "first";
  private static final String HANG = "hang";
  private static final RetryPolicy REPEATABLE =
      new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true);
  private static final ObjectNode NOTHING = Tools.text("");

  private final Semaphore ended = new Semaphore(0);
  private final AtomicLong started = new AtomicLong();
  private final SynchronousQueue<Long> firsts = new SynchronousQueue<>();
  private volatile long began;

  RegisteredTools registered() {
    var tools = new RegisteredTools();
    tools.register(Tools.repeatable(NOOP, this::noop));
    tools.register(Tools.repeatable(FIRST, this::first));
    tools.register(Tools.repeatable(HANG, BenchTools::hang));
    return tools;
  }

  /** A job whose params are 200 bytes of JSON. */
  static JobRequest noop() {
    String head = "{\"name\":\"noop\",\"arguments\":{\"data\":\"";
    String tail = "\"}}";
    return request(
        NOOP, "local", head + "x".repeat(JOB_BYTES - head.length() - tail.length()) + tail);
  }

  /** A job of that caller whose start {@link #awaitFirst} awaits. */
  static JobRequest firstOf(String caller) {
    return request(FIRST, caller, "{\"name\":\"first\",\"arguments\":{}}");
  }

  static JobRequest hang() {
    return request(HANG, "local", "{\"name\":\"hang\",\"arguments\":{}}");
  }

  private static JobRequest request(String tool, String caller, String params) {
    return new JobRequest(
        "tools/call",
        tool,
        params,
        caller,
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

  /** How many jobs of {@link #noop} have started. */
  long started() {
    return started.get();
  }

  /** Waits for the start of the next job of {@link #firstOf}; returns {@link #started} of then. */
  long awaitFirst() throws InterruptedException {
    return firsts.take();
  }

  /** Lets {@link #awaitEnded} count anew. */
  void forgetEnded() {
    ended.drainPermits();
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
    started.incrementAndGet();
    return NOTHING;
  }

  private ObjectNode first(ToolCall call) throws InterruptedException {
    firsts.put(started.get());
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
