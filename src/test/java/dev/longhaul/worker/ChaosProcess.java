package dev.longhaul.worker;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker in a separate process, to be killed or frozen. It writes each event to a file at once,
 * so that a kill -9 loses none: {@code ready}, {@code start|end ID ATTEMPT}, {@code accepted|lost
 * ID}, and of jobs that it submits itself {@code handed ID} once they run.
 *
 * <p>Arguments: URL of Redis, namespace, lease in ms, directory, slots, and 1 if it submits jobs
 * that wait, one that may be repeated and one that must not be.
 */
final class ChaosProcess {
  private final Path diary;
  private final Path go;

  private ChaosProcess(Path directory) {
    diary = directory.resolve(ProcessHandle.current().pid() + ".log");
    go = directory.resolve("go");
  }

  public static void main(String[] args) throws InterruptedException {
    // At the default level Lettuce and Netty log megabytes.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(ch.qos.logback.classic.Level.WARN);
    }
    Duration lease = Duration.ofMillis(Long.parseLong(args[2]));
    ChaosProcess self = new ChaosProcess(Path.of(args[3]));
    var fixture = new WorkerFixture(args[1], args[0], lease);
    fixture.start(
        fixture.redis.work(),
        self.tools(),
        WorkerFixture.settings(Integer.parseInt(args[4]), Duration.ofSeconds(60)),
        self.listener());
    self.write("ready");
    if (args[5].equals("1")) {
      self.submit(fixture);
    }
    new CountDownLatch(1).await();
  }

  private void submit(WorkerFixture fixture) {
    Job echo;
    do { // until the worker has found the queue empty
      echo = fixture.jobs.submit(request("echo", WorkerFixture.REPEATABLE), false);
      fixture.waitForTheEnd(List.of(echo.id()));
    } while (echo.state() != JobState.RUNNING);
    for (RetryPolicy retry : List.of(WorkerFixture.REPEATABLE, WorkerFixture.ONCE)) {
      write("handed " + fixture.jobs.submit(request("wait", retry), false).id());
    }
  }

  private static JobRequest request(String tool, RetryPolicy retry) {
    return WorkerFixture.request(tool, retry, Duration.ofMinutes(10), 0);
  }

  private RegisteredTools tools() {
    var tools = new RegisteredTools();
    tools.register(Tools.queued("quick", noted(_ -> Thread.sleep(5))));
    tools.register(Tools.queued("wait", noted(_ -> waitForGo())));
    tools.register(Tools.queued("spin", noted(_ -> spinUntilGo())));
    tools.register(
        Tools.repeatable(
            "echo",
            call -> {
              var result = Tools.text("echo");
              result.set("structuredContent", call.arguments());
              return result;
            }));
    return tools;
  }

  private ToolHandler noted(Work work) {
    return call -> {
      JobContext job = JobContext.current();
      write("start " + job.id() + " " + job.attempt());
      work.run(0);
      write("end " + job.id() + " " + job.attempt());
      return Tools.text("by " + ProcessHandle.current().pid());
    };
  }

  private interface Work {
    void run(int unused) throws InterruptedException;
  }

  private void waitForGo() throws InterruptedException {
    while (!Files.exists(go)) {
      Thread.sleep(10);
    }
  }

  // Uses a processor without pause, as a computation does.
  private void spinUntilGo() {
    long looks = 0;
    while (looks++ % 1_000_000 != 0 || !Files.exists(go)) {
      Thread.onSpinWait();
    }
  }

  private JobListener listener() {
    return new JobListener() {
      @Override
      public void ended(Claim claim, Outcome outcome, Duration ran) {
        write("accepted " + claim.id());
      }

      @Override
      public void lost(JobId id) {
        write("lost " + id);
      }
    };
  }

  private synchronized void write(String line) {
    try {
      Files.write(
          diary,
          (line + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
