package dev.longhaul.intake.flow;

import static dev.longhaul.testing.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.intake.Admission;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.JobFollowers;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.QueueControl;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.testing.TestRedis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The Java API of batches and chains, on the real queue. */
@SpringBootTest(
    classes = {LonghaulApplication.class, QueueFlowsTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@DirtiesContext
class QueueFlowsTest {
  private static final Caller ZOE = new Caller("zoe");
  private static final Caller ANNA = new Caller("anna");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Autowired private Flows flows;
  @Autowired private Intake intake;
  @Autowired private FlowQueue queue;
  @Autowired private JobQueue jobs;
  @Autowired private Admission admission;
  @Autowired private QueueControl queues;
  @Autowired private FlowLimits limits;
  @Autowired private JobFollowers followers;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  static final class Adder {
    @McpTool(name = "add", description = "Adds numbers.")
    int add(int a, int b) {
      return a + b;
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Adder adder() {
      return new Adder();
    }
  }

  private static FlowDraft draft() {
    return FlowDraft.batch("drafted")
        .job("add", Map.of("a", 1, "b", 2))
        .job(Map.of("tool", "add", "arguments", Map.of("a", 3, "b", 4), "priority", "high"))
        .callback(FlowCallback.FINALLY, "add", Map.of("a", 0, "b", 0))
        .allowFailures()
        .queue("default");
  }

  @Test
  void aBeanSubmitsABatchAndWaitsForIt() throws InterruptedException {
    FlowView batch = flows.submit(ZOE, draft(), null);
    FlowView ended = flows.await(ZOE, FlowKind.BATCH, batch.id(), LIMIT);
    assertThat(ended.state()).isEqualTo(FlowState.COMPLETED);
    assertThat(ended.handedOut()).isTrue();
    List<FlowResult> results =
        flows.results(ZOE, FlowKind.BATCH, batch.id(), 0, 10, Long.MAX_VALUE);
    assertThat(results).extracting(FlowResult::index).containsExactly(0, 1);
    // A page ends when it is large enough, but has at least one result.
    assertThat(flows.results(ZOE, FlowKind.BATCH, batch.id(), 0, 10, 1)).hasSize(1);
  }

  @Test
  void othersDoNotKnowIt() {
    FlowView batch = flows.submit(ZOE, draft(), null);
    assertThatThrownBy(() -> flows.find(ANNA, FlowKind.BATCH, batch.id()))
        .satisfies(refused(Refusal.UnknownFlow.class));
    assertThatThrownBy(() -> flows.cancel(ANNA, FlowKind.BATCH, batch.id()))
        .satisfies(refused(Refusal.UnknownFlow.class));
    assertThatThrownBy(() -> flows.results(ANNA, FlowKind.BATCH, batch.id(), 0, 1, 1))
        .satisfies(refused(Refusal.UnknownFlow.class));
    assertThatThrownBy(() -> intake.job(ANNA, batch.id()))
        .satisfies(refused(Refusal.UnknownJob.class));
    assertThatThrownBy(() -> intake.outcome(ANNA, batch.id()))
        .satisfies(refused(Refusal.UnknownJob.class));
    assertThat(intake.job(ZOE, batch.id()).id()).isEqualTo(batch.id());
  }

  @Test
  void aFrontDoorThatDiesBeforeItSealsIsFollowedByOneThatGoesOn() throws InterruptedException {
    QueueFlows dying = front(dyingBefore("seal"));
    assertThatThrownBy(() -> dying.submit(ZOE, FlowKind.BATCH, draft().json(), "the key"))
        .satisfies(refused(Refusal.Unavailable.class));

    FlowView batch = flows.submit(ZOE, draft(), "the key");
    FlowView ended = flows.await(ZOE, FlowKind.BATCH, batch.id(), LIMIT);
    assertThat(ended.counts().completed()).isEqualTo(2);
    assertThat(flows.submit(ZOE, draft(), "the key").id()).isEqualTo(batch.id());
    // The first submission had stored the children of the same batch.
    assertThat(new FlowRef(batch.id(), 0).job())
        .isEqualTo(flows.results(ZOE, FlowKind.BATCH, batch.id(), 0, 1, 1).getFirst().id());
    // The same key of another caller is another batch.
    assertThat(flows.submit(ANNA, draft(), "the key").id()).isNotEqualTo(batch.id());
  }

  @Test
  void aRefusedBatchLeavesNothingThatWouldKeepItsKey() {
    QueueFlows refusing = front(refusingBefore("seal"));
    assertThatThrownBy(() -> refusing.submit(ZOE, FlowKind.BATCH, draft().json(), "another key"))
        .satisfies(refused(Refusal.QueueFull.class));
    assertThat(flows.submit(ZOE, draft(), "another key").state()).isNotEqualTo(FlowState.CANCELLED);
  }

  @Test
  void aClientThatLeavesCancelsWhatItWasNotGivenTheIdOf() {
    JobId left = intake.submit(later()).id();
    intake.abandon(ZOE, left);
    assertThat(flows.find(ZOE, FlowKind.BATCH, left).state()).isEqualTo(FlowState.CANCELLED);

    JobId handedOver = intake.submit(later()).id();
    intake.handOver(ZOE, handedOver, null);
    intake.abandon(ZOE, handedOver);
    assertThat(flows.find(ZOE, FlowKind.BATCH, handedOver).state()).isEqualTo(FlowState.RUNNING);
    intake.cancel(ZOE, handedOver);
    assertThatThrownBy(() -> intake.start(ZOE, handedOver))
        .satisfies(refused(Refusal.NotHeld.class));
    assertThatThrownBy(() -> intake.delete(ZOE, handedOver, true))
        .satisfies(refused(Refusal.BadRequest.class));
  }

  @Test
  void aCallOfTheToolTakesNoOptionThatItWouldNotKeep() {
    assertThatThrownBy(() -> intake.submit(later().with(JobOptions.builder().held(true).build())))
        .satisfies(refused(Refusal.BadRequest.class))
        .hasMessageContaining("run_batch");
  }

  private static Submission later() {
    return Submission.toolCall(
        ZOE,
        dev.longhaul.testing.Tools.object(
            "{\"name\":\"run_batch\",\"arguments\":{\"jobs\":[{\"tool\":\"add\","
                + "\"arguments\":{\"a\":1,\"b\":2},\"delay_seconds\":3600}]}}"));
  }

  private QueueFlows front(FlowQueue behind) {
    return new QueueFlows(behind, jobs, new FlowAdmission(admission), queues, limits, followers);
  }

  private FlowQueue dyingBefore(String method) {
    return failing(method, new QueueUnavailableException("the connection is gone"));
  }

  private FlowQueue refusingBefore(String method) {
    return failing(method, new QueueFullException("full", Duration.ofSeconds(1)));
  }

  private FlowQueue failing(String method, RuntimeException failure) {
    return (FlowQueue)
        Proxy.newProxyInstance(
            FlowQueue.class.getClassLoader(),
            new Class<?>[] {FlowQueue.class},
            (_, called, arguments) -> {
              if (called.getName().equals(method)) {
                throw failure;
              }
              try {
                return called.invoke(queue, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
