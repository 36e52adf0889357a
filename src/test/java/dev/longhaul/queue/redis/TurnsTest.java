package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Settings of the turns that callers take. */
class TurnsTest {
  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  private List<JobId> enqueue(String... owners) {
    JobQueue jobs = redis.jobs(1_000);
    return jobs.enqueue(Stream.of(owners).map(TurnsTest::by).toList());
  }

  private static JobRequest by(String owner) {
    return Requests.of("{}", owner);
  }

  private List<JobId> claimed(int most) {
    return redis.work().step(List.of(), List.of("default"), most).join().claims().stream()
        .map(Claim::id)
        .toList();
  }

  private List<JobId> oneByOne(int count) {
    List<JobId> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.addAll(claimed(1));
    }
    return order;
  }

  @Test
  void aCallerHasAsManyJobsInATurnAsItsWeight() {
    redis.fair(true, Map.of("gold ö", 3));
    List<JobId> ids = enqueue("a", "a", "a", "gold ö", "gold ö", "gold ö", "gold ö", "b");

    assertThat(oneByOne(8))
        .as("a turn is not cut short by the end of a claim")
        .containsExactly(
            ids.get(0),
            ids.get(3),
            ids.get(4),
            ids.get(5),
            ids.get(7),
            ids.get(1),
            ids.get(6),
            ids.get(2));
  }

  @Test
  void aTurnThatTheEndOfAClaimCutsShortGoesOnWithTheNextOne() {
    redis.fair(true, Map.of("gold", 3));
    List<JobId> ids = enqueue("a", "a", "gold", "gold", "gold", "gold", "b");

    assertThat(claimed(2)).containsExactly(ids.get(0), ids.get(2));
    assertThat(claimed(3)).containsExactly(ids.get(3), ids.get(4), ids.get(6));
    assertThat(claimed(9)).containsExactly(ids.get(1), ids.get(5));
  }

  @Test
  void theWeightHoldsInTheLineOfALimitedToolToo() {
    redis.fair(true, Map.of("gold", 2));
    List<JobRequest> requests =
        Stream.of("a", "a", "a", "gold", "gold", "gold", "gold").map(TurnsTest::by).toList();
    Limits one = new Limits(1, null, null);
    List<JobId> ids =
        redis.jobs(1_000).enqueue(requests.stream().map(job -> job.limited(one)).toList());

    List<JobId> order = new ArrayList<>();
    List<Completion> ended = List.of();
    while (order.size() < ids.size()) {
      Claim claim = redis.work().step(ended, List.of("default"), 10).join().claims().getFirst();
      order.add(claim.id());
      ended =
          List.of(
              new Completion.Finished(
                  claim.id(), claim.token(), new Outcome.Answered("{}", false)));
    }
    redis.work().step(ended, List.of("default"), 0).join();
    assertThat(order.subList(1, 6)).filteredOn(ids.subList(0, 3)::contains).hasSizeBetween(1, 2);
    assertThat(order).containsAll(ids);
  }

  @Test
  void withoutFairnessJobsAreClaimedInTheOrderOfTheirSubmission() {
    redis.fair(false, Map.of());
    List<JobId> ids = enqueue("a", "a", "a", "b", "b", "c");
    assertThat(oneByOne(6)).containsExactlyElementsOf(ids);
  }

  @Test
  void jobsOfBothSettingsWaitBesideEachOther() {
    redis.fair(false, Map.of());
    List<JobId> before = enqueue("a", "b", "a");
    redis.fair(true, Map.of());
    List<JobId> after = enqueue("c", "c", "c");
    assertThat(oneByOne(6))
        .containsExactly(
            before.get(0), after.get(0), before.get(1), after.get(1), before.get(2), after.get(2));
  }

  @Test
  void longhaulsOwnJobsHaveATurnOfTheirOwn() {
    JobQueue jobs = redis.jobs(1_000);
    List<JobId> ids =
        jobs.enqueue(List.of(by("a"), by("a"), by("a"), by("a").asInternal(), by("b")));
    assertThat(oneByOne(5))
        .containsExactly(ids.get(0), ids.get(3), ids.get(4), ids.get(1), ids.get(2));
    assertThat(jobs.find(ids.get(3)).orElseThrow().owner()).isEqualTo("a");
  }
}
