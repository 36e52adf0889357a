package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowChild.End;
import dev.longhaul.queue.FlowNotOpenException;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowSteps;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.FlowView.Reason;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In any order of events and in any shard, the end of a flow follows from its children. */
class FlowRandomTest extends FlowSteps {
  private static final int OPERATIONS = 1_500;

  @RegisterExtension
  final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace(), TestRedis.url(), 3);

  private final Map<JobId, Integer> flows = new LinkedHashMap<>();
  private final Map<JobId, Integer> sizes = new HashMap<>();
  private final List<Claim> running = new ArrayList<>();
  private final Map<JobId, Integer> completed = new HashMap<>();
  private final Set<JobId> deleted = new HashSet<>();
  private @Nullable FlowQueue queue;
  private Random random = new Random(0);

  @Override
  protected JobQueue jobs() {
    return redis.jobs(1_000_000);
  }

  @Override
  protected FlowQueue flows() {
    if (queue == null) {
      queue = redis.flows(1_000_000);
    }
    return queue;
  }

  @Override
  protected WorkQueue work() {
    return redis.work();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_26, 777})
  void flowsEndAsTheirChildrenDid(long seed) {
    random = new Random(seed);
    for (int i = 0; i < OPERATIONS; i++) {
      operate();
    }
    flows.forEach((flow, _) -> sealIfOpen(flow));
    do {
      while (!running.isEmpty()) {
        finishOne();
      }
      redis.makeOld(":flows");
      redis.makeOld(":z");
      work().reap(100);
      claimSome(64);
    } while (!running.isEmpty() || !redis.keys(":flows").isEmpty());
    flows.keySet().forEach(this::check);
    assertThat(flows.keySet().stream().map(JobId::shard).distinct()).hasSize(3);
  }

  private void operate() {
    switch (random.nextInt(14)) {
      case 0 -> {
        JobId flow = random.nextInt(3) == 0 ? openChain() : openBatch(random.nextBoolean());
        flows.put(flow, 0);
        sizes.put(flow, random.nextInt(30));
        addCallbacks(flow);
      }
      case 1, 2, 3 -> stageSome();
      case 4 -> any().ifPresent(this::sealIfOpen);
      case 5, 6, 7 -> claimSome(1 + random.nextInt(8));
      case 8 -> {
        if (random.nextInt(4) == 0) {
          any().ifPresent(flow -> flows().cancel(flow));
        }
      }
      case 9 -> anyChild().ifPresent(id -> jobs().cancel(id));
      case 10 -> {
        if (random.nextInt(3) == 0) {
          anyChild()
              .ifPresent(id -> {
                jobs().delete(id, true);
                deleted.add(id);
              });
        }
      }
      case 11 -> {
        redis.makeOld(":z");
        work().reap(100);
      }
      default -> finishOne();
    }
  }

  private Optional<JobId> any() {
    return flows.isEmpty()
        ? Optional.empty()
        : flows.keySet().stream().skip(random.nextInt(flows.size())).findFirst();
  }

  private Optional<JobId> anyChild() {
    return any()
        .filter(flow -> size(flow) > 0)
        .map(flow -> new FlowRef(flow, random.nextInt(size(flow))).job());
  }

  private int size(JobId flow) {
    return sizes.getOrDefault(flow, 0);
  }

  private void stageSome() {
    any()
        .ifPresent(flow -> {
          int from = flows.getOrDefault(flow, 0);
          int count = Math.min(1 + random.nextInt(10), size(flow) - from);
          if (count > 0) {
            try {
              flows().stage(flow, from, requests(count));
              flows.put(flow, from + count);
            } catch (FlowNotOpenException e) {
              assertThat(view(flow).state()).isEqualTo(FlowState.CANCELLED);
            }
          }
        });
  }

  private void sealIfOpen(JobId flow) {
    if (view(flow).state() == FlowState.STAGING) {
      flows().stage(flow, 0, requests(size(flow)));
      flows().seal(flow, size(flow));
    }
  }

  private void claimSome(int count) {
    List<Claim> claims = claim(count);
    for (Claim claim : claims) {
      // A stopped flow starts no child.
      if (indexOf(claim) >= 0) {
        assertThat(view(flowOf(claim)).reason()).isNull();
      }
    }
    running.addAll(claims);
    work().start(claims).join();
  }

  private void finishOne() {
    if (running.isEmpty()) {
      return;
    }
    Claim claim = running.remove(random.nextInt(running.size()));
    Completion completion =
        switch (random.nextInt(9)) {
          case 0 -> finished(claim, new Outcome.Failed(JobError.timeout(1), null));
          case 1 -> finished(claim, new Outcome.GivenUp(JobError.outcomeUnknown(), null));
          case 2 -> finished(claim, new Outcome.Answered("{}", true));
          case 3 ->
              new Completion.Retry(
                  claim.id(), claim.token(), Duration.ofMinutes(1), JobError.timeout(1));
          case 4 -> new Completion.GivenBack(claim.id(), claim.token(), Duration.ZERO);
          default -> finished(claim, new Outcome.Answered("{}", false));
        };
    int reports = 1 + random.nextInt(2);
    for (int i = 0; i < reports; i++) {
      if (complete(completion) && i == 0 && completion instanceof Completion.Finished) {
        completed.merge(claim.id(), 1, Integer::sum);
      }
    }
  }

  private static Completion finished(Claim claim, Outcome outcome) {
    return new Completion.Finished(claim.id(), claim.token(), outcome);
  }

  private void check(JobId flow) {
    FlowView view = view(flow);
    String about = view.toString();
    assertThat(view.times().finishedAt()).as(about).isNotNull();
    List<FlowChild> children = flows().children(flow, 0, 500);
    assertThat(count(children, End.COMPLETED)).as(about).isEqualTo(view.counts().completed());
    assertThat(count(children, End.FAILED)).as(about).isEqualTo(view.counts().failed());
    assertThat(count(children, End.CANCELLED)).as(about).isEqualTo(view.counts().cancelled());
    assertThat(view.counts().completed() + view.counts().failed() + view.counts().cancelled())
        .as(about)
        .isEqualTo(view.counts().total() == null ? view.counts().staged() : view.counts().total());
    for (FlowChild child : children) {
      checkChild(child, about);
    }
    checkState(view, about);
    checkCallbacks(view, about);
  }

  private void checkChild(FlowChild child, String about) {
    if (child.state() == null) {
      assertThat(child.end() == null || deleted.contains(child.id())).as(about).isTrue();
      return;
    }
    assertThat(child.state().terminal()).as(about).isTrue();
    End expected =
        switch (child.state()) {
          case CANCELLED -> End.CANCELLED;
          case FAILED, DEAD -> End.FAILED;
          default -> {
            Outcome outcome = jobs().outcome(child.id()).orElseThrow();
            yield ((Outcome.Answered) outcome).isError() ? End.FAILED : End.COMPLETED;
          }
        };
    assertThat(child.end()).as(about).isEqualTo(expected);
    // If the machine stood still for a lease, a job can be dead without a reported outcome.
    if (child.state() != JobState.DEAD) {
      assertThat(completed.getOrDefault(child.id(), 0))
          .as(about)
          .isEqualTo(expected == End.CANCELLED ? 0 : 1);
    }
  }

  private static void checkState(FlowView view, String about) {
    FlowState expected = FlowState.COMPLETED;
    if (view.reason() == Reason.CANCELLED) {
      expected = FlowState.CANCELLED;
    } else if (!view.allowFailures() && view.counts().failed() > 0) {
      expected = FlowState.FAILED;
    } else if (!view.allowFailures() && view.counts().cancelled() > 0) {
      expected = FlowState.CANCELLED;
    }
    assertThat(view.state()).as(about).isEqualTo(expected);
  }

  private void checkCallbacks(FlowView view, String about) {
    Set<FlowCallback> started = view.callbacks().keySet();
    assertThat(started.contains(FlowCallback.THEN))
        .as(about)
        .isEqualTo(view.state() == FlowState.COMPLETED);
    assertThat(started.contains(FlowCallback.CATCH))
        .as(about)
        .isEqualTo(view.counts().failed() > 0);
    assertThat(started.contains(FlowCallback.FINALLY))
        .as(about)
        .isEqualTo(view.counts().total() != null);
    for (FlowCallback callback : FlowCallback.values()) {
      JobId id = callback(view.id(), callback);
      assertThat(completed.getOrDefault(id, 0))
          .as(about)
          .isEqualTo(started.contains(callback) ? 1 : 0);
      assertThat(jobs().find(id).isPresent()).as(about).isEqualTo(started.contains(callback));
    }
  }

  private static int count(List<FlowChild> children, End end) {
    return (int) children.stream().filter(child -> Objects.equals(child.end(), end)).count();
  }
}
