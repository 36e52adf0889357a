package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.tools;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobListenerTest {
  private final WorkerFixture fixture = new WorkerFixture();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final JobListener recorder =
      new JobListener() {
        @Override
        public void started(Claim claim) {
          heard.add("started " + claim.attempt());
        }

        @Override
        public void ended(Claim claim, Outcome outcome, Duration ran) {
          heard.add("ended " + outcome.state().wire());
        }

        @Override
        public void retried(Claim claim, JobError error) {
          heard.add("retried after " + error.type());
        }

        @Override
        public void lost(JobId id) {
          heard.add("lost");
        }
      };

  private static final JobListener BROKEN =
      new JobListener() {
        @Override
        public void started(Claim claim) {
          throw new IllegalStateException("broken listener");
        }

        @Override
        public void ended(Claim claim, Outcome outcome, Duration ran) {
          throw new IllegalStateException("broken listener");
        }

        @Override
        public void retried(Claim claim, JobError error) {
          throw new IllegalStateException("broken listener");
        }
      };

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aListenerHearsEachStepInOrderAlsoBehindOneThatThrows() {
    fixture.start(
        tools(
            "flaky",
            _ -> {
              if (JobContext.current().attempt() == 1) {
                throw new IOException("not yet");
              }
              return Tools.text("");
            }),
        BROKEN,
        recorder);
    JobId id = fixture.enqueue("flaky", REPEATABLE);

    fixture.waitFor(id, JobState.COMPLETED);
    await().atMost(LIMIT).until(() -> heard.size() == 4);
    assertThat(heard)
        .containsExactly("started 1", "retried after IOException", "started 2", "ended completed");
  }

  @Test
  void aJobThatDiesHasEnded() {
    fixture.start(
        tools(
            "broken",
            _ -> {
              throw new IOException("no");
            }),
        recorder);
    fixture.waitFor(fixture.enqueue("broken", ONCE), JobState.DEAD);
    await().atMost(LIMIT).until(() -> heard.size() == 2);
    assertThat(heard).containsExactly("started 1", "ended dead");
  }

  @Test
  void aJobWhoseDataIsGoneIsReportedOnce() {
    JobId lost = fixture.enqueue("greet", ONCE);
    fixture.redis.forget(lost);
    var counts = new CopyOnWriteArrayList<Long>();
    fixture.start(
        tools("greet", _ -> Tools.text("")),
        BROKEN,
        new JobListener() {
          @Override
          public void vanished(long count) {
            counts.add(count);
          }
        });

    await().atMost(LIMIT).until(() -> !counts.isEmpty());
    fixture.waitFor(fixture.enqueue("greet", ONCE), JobState.COMPLETED);
    assertThat(counts).containsExactly(1L);
  }
}
