package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.ANNA;
import static dev.longhaul.intake.IntakeFixture.LIMIT;
import static dev.longhaul.intake.IntakeFixture.ZOE;
import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.intake.Refusal.UnknownJob;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.testing.Tools;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job is unknown to every other owner, and the result of operations depends on its state. */
class OwnershipTest {
  private final IntakeFixture fixture =
      new IntakeFixture(List.of(), Tools.queued("greet", _ -> Tools.text("")));
  private final Intake intake = fixture.intake;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void everyOperationTellsAnotherCallerThatTheJobIsUnknown() {
    JobId id = fixture.submit(ZOE, "greet").id();
    everyOperationIsUnknownTo(ANNA, id);
    assertThat(intake.list(ANNA, null, null, null, 10).jobs()).isEmpty();

    Job untouched = intake.job(ZOE, id);
    assertThat(untouched.state()).isEqualTo(JobState.QUEUED);
    assertThat(untouched.handedOut()).isFalse();
    assertThat(intake.list(ZOE, null, null, null, 10).jobs()).containsExactly(untouched);
  }

  @Test
  void aFinishedJobOfAnotherIsUnknownToo() {
    JobId id = fixture.submit(ZOE, "greet").id();
    fixture.finish(fixture.start());
    everyOperationIsUnknownTo(ANNA, id);
    assertThat(intake.outcome(ZOE, id).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aJobThatNeverWasIsUnknownInTheSameWords() {
    JobId id = JobId.create(1, 0);
    everyOperationIsUnknownTo(ZOE, id);
    assertThatThrownBy(() -> intake.job(ZOE, id)).hasMessageStartingWith("Unknown job: " + id);
  }

  @Test
  void aJobWithoutResultSaysWhereItStands() {
    JobId id = fixture.submit(ZOE, "greet").id();
    assertThatThrownBy(() -> intake.outcome(ZOE, id))
        .satisfies(refused(Refusal.NotFinished.class))
        .hasMessageContaining("it is queued");
    assertThatThrownBy(() -> intake.delete(ZOE, id, false))
        .satisfies(refused(Refusal.NotFinished.class));
    intake.delete(ZOE, id, true);
    assertThatThrownBy(() -> intake.job(ZOE, id)).satisfies(refused(UnknownJob.class));
  }

  @Test
  void aFinishedJobCannotBeCancelled() {
    JobId id = fixture.submit(ZOE, "greet").id();
    fixture.fail(fixture.start());
    assertThatThrownBy(() -> intake.cancel(ZOE, id))
        .satisfies(
            refused(
                Refusal.AlreadyFinished.class,
                finished -> assertThat(finished.state()).isEqualTo(JobState.DEAD)));
  }

  @Test
  void aListIsFilteredByStateAndToolAndRefusesNonsense() {
    JobId cancelled = fixture.submit(ZOE, "greet").id();
    JobId queued = fixture.submit(ZOE, "greet").id();
    intake.cancel(ZOE, cancelled);

    assertThat(intake.list(ZOE, "cancelled", "greet", null, 10).jobs())
        .extracting(Job::id)
        .containsExactly(cancelled);
    assertThat(intake.list(ZOE, "queued", null, null, 10).jobs())
        .extracting(Job::id)
        .containsExactly(queued);
    assertThat(intake.list(ZOE, null, "shout", null, 10).jobs()).isEmpty();
    assertThatThrownBy(() -> intake.list(ZOE, "sleeping", null, null, 10))
        .satisfies(refused(Refusal.BadRequest.class))
        .hasMessageContaining("queued, scheduled, running")
        .hasMessageContaining("not sleeping");
    assertThatThrownBy(() -> intake.list(ZOE, null, null, null, 501))
        .satisfies(refused(Refusal.BadRequest.class))
        .hasMessage("limit must be 1 to 500, not 501.");
  }

  private void everyOperationIsUnknownTo(Caller caller, JobId id) {
    List<ThrowingCallable> operations =
        List.of(
            () -> intake.job(caller, id),
            () -> intake.await(caller, id, LIMIT),
            () -> intake.follow(caller, id, _ -> {}).close(),
            () -> intake.outcome(caller, id),
            () -> intake.handOver(caller, id, null),
            () -> intake.cancel(caller, id),
            () -> intake.abandon(caller, id),
            () -> intake.delete(caller, id, true));
    assertThat(operations)
        .allSatisfy(
            operation -> assertThatThrownBy(operation).satisfies(refused(UnknownJob.class)));
  }
}
