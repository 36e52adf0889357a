package dev.longhaul.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private static final JobId ID = new JobId("0".repeat(38));

  @Test
  void aRefusalSaysInTheExceptionWhatItSaysItself() {
    Refusal refusal = new Refusal.NotHeld(ID, JobState.QUEUED);
    assertThat(new IntakeException(refusal)).hasMessage(refusal.message());
  }

  @Test
  void metricsNameARefusalInSnakeCase() {
    assertThat(new Refusal.UnknownJob("x").reason()).isEqualTo("unknown_job");
    assertThat(new Refusal.IdempotencyConflict("x", ID).reason()).isEqualTo("idempotency_conflict");
    assertThat(new Refusal.FlowFinished(FlowKind.BATCH, ID, FlowState.FAILED).reason())
        .isEqualTo("already_finished");
  }

  @Test
  void whoExpectsOneRefusalLetsEveryOtherThrough() {
    IntakeException refused = new IntakeException(new Refusal.UnknownJob("x"));
    assertThat(refused.as(Refusal.UnknownJob.class).id()).isEqualTo("x");
    assertThatThrownBy(() -> refused.unless(Refusal.NotHeld.class, Refusal.NotDead.class))
        .isSameAs(refused);
  }
}
