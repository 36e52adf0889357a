package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.LIMIT;
import static dev.longhaul.intake.IntakeFixture.ZOE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.testing.Tools;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting for a job, following it, and disconnects. Changes arrive as notifications. */
class WaitingTest {
  private final IntakeFixture fixture =
      new IntakeFixture(List.of(), Tools.queued("greet", _ -> Tools.text("")));
  private final Intake intake = fixture.intake;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
    fixture.close();
  }

  @Test
  void theWaitEndsWithTheJob() throws Exception {
    JobId id = fixture.submit(ZOE, "greet").id();
    Claim claim = fixture.start();
    Future<Job> waiting = threads.submit(() -> intake.await(ZOE, id, LIMIT));
    fixture.finish(claim);
    assertThat(got(waiting).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void theWaitOfAFinishedJobEndsAtOnce() throws Exception {
    JobId id = fixture.submit(ZOE, "greet").id();
    fixture.finish(fixture.start());
    assertThat(intake.await(ZOE, id, Duration.ofDays(1)).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void theWaitsEndBringsTheJobAsItIs() throws Exception {
    JobId id = fixture.submit(ZOE, "greet").id();
    assertThat(intake.await(ZOE, id, Duration.ZERO).state()).isEqualTo(JobState.QUEUED);
    fixture.start();
    assertThat(intake.await(ZOE, id, Duration.ofMillis(20)).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void severalMayWaitForOneJob() throws Exception {
    JobId id = fixture.submit(ZOE, "greet").id();
    List<Future<Job>> waiting =
        IntStream.range(0, 20)
            .mapToObj(n -> threads.submit(() -> intake.await(ZOE, id, LIMIT)))
            .toList();
    intake.cancel(ZOE, id);
    for (Future<Job> one : waiting) {
      assertThat(got(one).state()).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void aFollowerHearsEachChangeAndTheEndOnce() {
    JobId id = fixture.submit(ZOE, "greet").id();
    List<Job> heard = new CopyOnWriteArrayList<>();
    try (Watch watch = intake.follow(ZOE, id, heard::add)) {
      await().atMost(LIMIT).until(() -> has(heard, JobState.QUEUED));
      Claim claim = fixture.start();
      await().atMost(LIMIT).until(() -> has(heard, JobState.RUNNING));
      fixture.work.progress(id, claim.token(), new Progress(0.5, "half")).join();
      await()
          .atMost(LIMIT)
          .until(() -> heard.getLast().progress().equals(new Progress(0.5, "half")));
      fixture.finish(claim);
      await().atMost(LIMIT).until(() -> has(heard, JobState.COMPLETED));
    }
    assertThat(heard).filteredOn(job -> job.state().terminal()).hasSize(1);
    assertThat(heard.getLast().state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aFollowerOfAFinishedJobHearsItOnce() {
    JobId id = fixture.submit(ZOE, "greet").id();
    fixture.finish(fixture.start());
    List<Job> heard = new CopyOnWriteArrayList<>();
    try (Watch watch = intake.follow(ZOE, id, heard::add)) {
      await().atMost(LIMIT).until(() -> !heard.isEmpty());
    }
    assertThat(heard).extracting(Job::state).containsExactly(JobState.COMPLETED);
  }

  @Test
  void aClosedFollowerHearsNoMoreWhileOthersDo() {
    JobId id = fixture.submit(ZOE, "greet").id();
    List<Job> closed = new CopyOnWriteArrayList<>();
    List<Job> open = new CopyOnWriteArrayList<>();
    Watch watch = intake.follow(ZOE, id, closed::add);
    try (Watch other = intake.follow(ZOE, id, open::add)) {
      await().atMost(LIMIT).until(() -> !closed.isEmpty() && !open.isEmpty());
      watch.close();
      fixture.finish(fixture.start());
      await().atMost(LIMIT).until(() -> has(open, JobState.COMPLETED));
    }
    assertThat(closed).extracting(Job::state).containsExactly(JobState.QUEUED);
  }

  @Test
  void aCallWhoseClientIsGoneIsCancelled() {
    JobId id = fixture.submit(ZOE, "greet").id();
    intake.abandon(ZOE, id);
    assertThat(intake.job(ZOE, id).state()).isEqualTo(JobState.CANCELLED);
    intake.abandon(ZOE, id);
  }

  @Test
  void aJobThatWasHandedOutSurvivesItsClient() {
    JobId id = fixture.submit(ZOE, "greet").id();
    assertThat(intake.handOver(ZOE, id, Duration.ofHours(3)).handedOut()).isTrue();
    intake.abandon(ZOE, id);
    assertThat(intake.job(ZOE, id).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aJobSomebodyElseWaitsForSurvivesToo() throws Exception {
    JobId id = fixture.submit(ZOE, "greet").id();
    try (Watch watch = intake.follow(ZOE, id, _ -> {})) {
      intake.abandon(ZOE, id);
      assertThat(intake.job(ZOE, id).state()).isEqualTo(JobState.QUEUED);
    }
    intake.abandon(ZOE, id);
    assertThat(intake.job(ZOE, id).state()).isEqualTo(JobState.CANCELLED);
  }

  private static boolean has(List<Job> heard, JobState state) {
    return heard.stream().anyMatch(job -> job.state() == state);
  }

  private static Job got(Future<Job> waiting) throws Exception {
    return waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
