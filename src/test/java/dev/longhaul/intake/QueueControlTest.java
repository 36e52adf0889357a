package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.ZOE;
import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.queue.QueueAdmin.QueueState;
import dev.longhaul.queue.QueueAdmin.QueueView;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listing, pausing, draining and resuming queues by name. */
class QueueControlTest {
  private final Tool greet = Tools.queued("greet", _ -> Tools.text(""));
  private final IntakeFixture fixture = new IntakeFixture(List.of(), greet);
  private final QueueControl control = control();

  private QueueControl control() {
    var tools = new RegisteredTools();
    tools.register(greet);
    var policy = ToolPolicy.of(Execution.QUEUED, Duration.ofMinutes(1)).queue("reports").build();
    tools.register(
        new Tool(Tools.queued("report", greet.handler()).description(), policy, greet.handler()));
    return new KnownQueues(fixture.admin, tools);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theQueuesOfToolsAreKnownBeforeTheirFirstJob() {
    assertThat(control.queues()).extracting(QueueView::name).containsExactly("default", "reports");
    assertThat(control.queue("reports").waiting()).containsExactly(0L, 0L, 0L, 0L);
    fixture.submit(ZOE, "greet");
    assertThat(control.queue("default").waiting()).containsExactly(0L, 0L, 1L, 0L);
  }

  @Test
  void nothingIsStartedFromAPausedQueue() {
    assertThat(control.pause("default").state()).isEqualTo(QueueState.PAUSED);
    Job job = fixture.submit(ZOE, "greet");
    assertThat(fixture.work.step(List.of(), List.of("default"), 1).join().claims()).isEmpty();
    assertThat(control.resume("default").state()).isEqualTo(QueueState.ACTIVE);
    assertThat(fixture.start().id()).isEqualTo(job.id());
  }

  @Test
  void aDrainingQueueTakesNothingMore() {
    Job before = fixture.submit(ZOE, "greet");
    assertThat(control.drain("default").state()).isEqualTo(QueueState.DRAINING);
    assertThatThrownBy(() -> fixture.submit(ZOE, "greet"))
        .satisfies(refused(Refusal.QueueDraining.class))
        .hasMessageContaining("default is being drained");
    assertThat(fixture.start().id()).isEqualTo(before.id());
    control.resume("default");
    fixture.submit(ZOE, "greet");
  }

  @Test
  void aSlipOfThePenMakesNoQueue() {
    assertThatThrownBy(() -> control.pause("defualt"))
        .satisfies(refused(Refusal.UnknownQueue.class))
        .hasMessageContaining("defualt");
    assertThatThrownBy(() -> control.queue("defualt"))
        .satisfies(refused(Refusal.UnknownQueue.class));
    assertThat(control.queues()).extracting(QueueView::name).doesNotContain("defualt");
  }
}
