package dev.longhaul.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Common steps of the tests of batches and chains. */
public abstract class FlowSteps {
  protected static final String QUEUE = "default";
  private static final Duration HOUR = Duration.ofHours(1);

  protected abstract JobQueue jobs();

  protected abstract FlowQueue flows();

  protected abstract WorkQueue work();

  protected static JobRequest request(String tool) {
    return new JobRequest(
        "tools/call",
        tool,
        "{}",
        "local",
        QUEUE,
        Priority.DEFAULT,
        Duration.ZERO,
        false,
        HOUR,
        HOUR,
        new RetryPolicy(3, List.of(Duration.ZERO), true),
        Map.of());
  }

  protected static List<JobRequest> requests(int count) {
    return Collections.nCopies(count, request("child"));
  }

  protected JobId openBatch(boolean allowFailures) {
    return flows().open(new FlowRequest(FlowKind.BATCH, "nightly", "local", allowFailures));
  }

  protected JobId openChain() {
    return flows().open(new FlowRequest(FlowKind.CHAIN, "steps", "local", false));
  }

  /** Creates a sealed batch with all callbacks. */
  protected JobId batch(boolean allowFailures, int count) {
    return sealed(openBatch(allowFailures), count);
  }

  /** Creates a sealed chain with all callbacks. */
  protected JobId chain(int count) {
    return sealed(openChain(), count);
  }

  private JobId sealed(JobId flow, int count) {
    flows().stage(flow, 0, requests(count));
    addCallbacks(flow);
    flows().seal(flow, count);
    return flow;
  }

  protected void addCallbacks(JobId flow) {
    flows()
        .callbacks(
            flow,
            Map.of(
                FlowCallback.THEN, List.of(request("then")),
                FlowCallback.CATCH, List.of(request("catch")),
                FlowCallback.FINALLY, List.of(request("finally"))));
  }

  protected FlowView view(JobId flow) {
    return flows().find(flow).orElseThrow();
  }

  /** The ids of the first children. */
  protected List<JobId> children(JobId flow) {
    return flows().children(flow, 0, 500).stream().map(FlowChild::id).toList();
  }

  /** The states of the first children. */
  protected List<JobState> states(JobId flow) {
    return children(flow).stream().map(id -> jobs().find(id).orElseThrow().state()).toList();
  }

  protected JobState state(JobId id) {
    return jobs().find(id).map(Job::state).orElseThrow();
  }

  protected static JobId callback(JobId flow, FlowCallback which) {
    return FlowRef.of(flow, which).job();
  }

  protected List<Claim> claim(int count) {
    return work().step(List.of(), List.of(QUEUE), count).join().claims();
  }

  protected List<Claim> started(int count) {
    List<Claim> claims = claim(count);
    assertThat(claims).hasSize(count);
    assertThat(work().start(claims).join()).hasSize(count);
    return claims;
  }

  protected boolean complete(Completion completion) {
    return work().step(List.of(completion), List.of(QUEUE), 0).join().accepted().getFirst();
  }

  protected boolean finish(Claim claim, Outcome outcome) {
    return complete(new Completion.Finished(claim.id(), claim.token(), outcome));
  }

  protected boolean succeed(Claim claim) {
    return finish(claim, new Outcome.Answered("{\"content\":[]}", false));
  }

  protected boolean fail(Claim claim) {
    return finish(claim, new Outcome.Failed(JobError.timeout(1000), null));
  }

  protected boolean giveUp(Claim claim) {
    return finish(claim, new Outcome.GivenUp(JobError.outcomeUnknown(), null));
  }

  /** Claims and completes jobs until none is left, and returns their tools in order. */
  protected List<String> runAll() {
    List<String> tools = new ArrayList<>();
    for (List<Claim> claims = claim(64); !claims.isEmpty(); claims = claim(64)) {
      work().start(claims).join();
      for (Claim claim : claims) {
        tools.add(Objects.requireNonNull(claim.tool()));
      }
      List<Completion> completions =
          claims.stream()
              .<Completion>map(claim ->
                  new Completion.Finished(
                      claim.id(), claim.token(), new Outcome.Answered("{}", false)))
              .toList();
      assertThat(work().step(completions, List.of(QUEUE), 0).join().accepted())
          .doesNotContain(false);
    }
    return tools;
  }

  protected static JobId flowOf(Claim claim) {
    return Objects.requireNonNull(claim.flow()).flow();
  }

  protected static int indexOf(Claim claim) {
    return Objects.requireNonNull(claim.flow()).index();
  }

  protected static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
