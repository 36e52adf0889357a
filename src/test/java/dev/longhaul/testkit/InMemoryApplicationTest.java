package dev.longhaul.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.testing.Tools;
import dev.longhaul.testsupport.TestClock;
import dev.longhaul.testsupport.queue.InMemoryQueue;
import dev.longhaul.testsupport.queue.InMemoryQueueConfiguration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;

/** An application whose queue is in memory: intake and worker, and no Redis anywhere. */
@SpringBootTest(
    classes = {LonghaulApplication.class, InMemoryApplicationTest.Beans.class},
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    // Nobody may ask it.
    properties = "spring.data.redis.url=redis://redis.invalid:6379")
@Import(InMemoryQueueConfiguration.class)
@DirtiesContext
class InMemoryApplicationTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final AtomicInteger TRIES = new AtomicInteger();

  @Autowired private Intake intake;
  @Autowired private JobQueue jobs;
  @Autowired private InMemoryQueue queue;
  @Autowired private TestClock clock;

  /** What the test brings. */
  static class Beans {
    @Bean
    TestClock clock() {
      return new TestClock();
    }

    @Bean
    Flaky flaky() {
      return new Flaky();
    }
  }

  /** Works the second time. */
  static class Flaky {
    @McpTool(
        name = "flaky",
        description = "Works the second time",
        annotations = @McpTool.McpAnnotations(idempotentHint = true))
    String flaky() {
      if (TRIES.incrementAndGet() == 1) {
        throw new IllegalStateException("not yet");
      }
      return "worked";
    }
  }

  @Test
  void aRetryIsDueWhenTheClockIsMoved() throws Exception {
    Job job =
        intake.submit(Submission.toolCall(Caller.LOCAL, Tools.object("{\"name\":\"flaky\"}")));
    var failedOnce = new CountDownLatch(1);
    JobQueue.Watcher seen =
        () -> {
          if (jobs.find(job.id()).orElseThrow().state() == JobState.SCHEDULED) {
            failedOnce.countDown();
          }
        };
    try (var watch = jobs.watch(job.id(), seen)) {
      if (watch.job().orElseThrow().state() != JobState.SCHEDULED) {
        assertThat(failedOnce.await(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    clock.advance(Duration.ofMinutes(2)); // the first backoff is a minute, give or take

    Job ended = intake.await(Caller.LOCAL, job.id(), LIMIT);
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.attempt()).isEqualTo(2);
    assertThat(intake.outcome(Caller.LOCAL, job.id())).isInstanceOf(Outcome.Answered.class);
    assertThat(queue.jobs().find(job.id())).contains(ended);
  }
}
