package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Limits;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.HeldCalls.HeldCall;
import dev.longhaul.queue.HeldCalls.State;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held calls of two processes on a real Redis. */
class RedisHeldCallsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String DIGEST = "d1";
  private static final List<JobId> JOBS =
      IntStream.rangeClosed(0, 60).mapToObj(number -> JobId.create(number, 0)).toList();

  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  @RegisterExtension
  final RedisQueueFixture sharded =
      new RedisQueueFixture(TestRedis.namespace(), TestRedis.url(), 3);

  private static HeldCall call(int number, State standing) {
    return new HeldCall(
        JOBS.get(number),
        standing,
        "process-1",
        "a connection with spaces",
        NOW.plusSeconds(number),
        NOW.plusSeconds(number));
  }

  @Test
  void whatOneProcessNotesAnotherFindsTheLatestFirst() {
    HeldCalls one = redis.heldCalls();
    HeldCalls other = redis.heldCalls();
    one.put(DIGEST, call(1, State.WAITING), HOUR);
    one.put(DIGEST, call(2, State.LEFT), HOUR);
    one.put("d2", call(3, State.WAITING), HOUR);
    assertThat(other.find(DIGEST)).containsExactly(call(2, State.LEFT), call(1, State.WAITING));

    one.put(DIGEST, call(1, State.HANDED_OVER), HOUR);
    other.remove(DIGEST, call(2, State.LEFT).job());
    assertThat(one.find(DIGEST)).containsExactly(call(1, State.HANDED_OVER));
  }

  @Test
  void whoSeesACallChangesItOnlyWhileItIsAsSeen() {
    HeldCalls one = redis.heldCalls();
    HeldCalls other = redis.heldCalls();
    HeldCall left = call(1, State.LEFT);
    one.put(DIGEST, left, HOUR);

    assertThat(one.change(DIGEST, left, call(1, State.WAITING), HOUR)).isTrue();
    assertThat(other.change(DIGEST, left, call(1, State.HANDED_OVER), HOUR)).isFalse();
    assertThat(other.remove(DIGEST, left)).isFalse();
    assertThat(other.find(DIGEST)).containsExactly(call(1, State.WAITING));

    assertThat(other.remove(DIGEST, call(1, State.WAITING))).isTrue();
    assertThat(other.remove(DIGEST, call(1, State.WAITING))).isFalse();
    assertThat(one.change(DIGEST, call(1, State.WAITING), left, HOUR)).isFalse();
    assertThat(one.find(DIGEST)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallWithEqualHeldCallsIsNotStored(boolean limited) {
    JobQueue queue = sharded.jobs(1_000);
    // One with limits belongs to the shard of its tool, and the records to that of their digest.
    JobRequest request =
        limited ? Requests.of("{}").limited(new Limits(100, null, null)) : Requests.of("{}");
    HeldCalls calls = sharded.heldCalls();
    for (String digest : List.of("d1", "d2", "d3", "d4", "d5", "d6")) {
      Job first = queue.submitUnlessHeld(request, digest).orElseThrow();
      assertThat(queue.submitUnlessHeld(request, digest)).isPresent();

      calls.put(digest, new HeldCall(first.id(), State.LEFT, "process-1", "c", NOW, NOW), HOUR);
      long stored = queue.depths().allWaiting();
      assertThat(queue.submitUnlessHeld(request, digest)).isEmpty();
      assertThat(queue.depths().allWaiting()).isEqualTo(stored);

      calls.remove(digest, first.id());
      assertThat(queue.submitUnlessHeld(request, digest)).isPresent();
    }
  }

  @Test
  void ofMoreThanSixteenTheOldestIsForgotten() {
    HeldCalls calls = redis.heldCalls();
    // The oldest call is the one with the earliest time, not the one stored first.
    calls.put(DIGEST, call(50, State.WAITING), HOUR);
    for (int i = 1; i < HeldCalls.MAX_CALLS; i++) {
      calls.put(DIGEST, call(i, State.WAITING), HOUR);
    }
    calls.put(DIGEST, call(1, State.LEFT), HOUR);
    assertThat(calls.find(DIGEST)).hasSize(HeldCalls.MAX_CALLS);

    calls.put(DIGEST, call(60, State.WAITING), HOUR);
    assertThat(calls.find(DIGEST))
        .hasSize(HeldCalls.MAX_CALLS)
        .contains(call(60, State.WAITING), call(50, State.WAITING))
        .extracting(HeldCall::job)
        .doesNotContain(call(1, State.LEFT).job());
  }

  @Test
  void theyLiveAsLongAsTheLongestOfThemAndThenEnd() {
    HeldCalls calls = redis.heldCalls();
    calls.put(DIGEST, call(1, State.WAITING), HOUR);
    calls.put(DIGEST, call(2, State.WAITING), Duration.ofMinutes(1));
    assertThat(redis.keys(":hc:*"))
        .singleElement()
        .satisfies(key ->
            assertThat(redis.commands().pttl(key))
                .isBetween(Duration.ofMinutes(50).toMillis(), HOUR.toMillis()));
    calls.put(DIGEST, call(3, State.WAITING), HOUR.multipliedBy(2));
    assertThat(redis.keys(":hc:*"))
        .singleElement()
        .satisfies(key -> assertThat(redis.commands().pttl(key)).isGreaterThan(HOUR.toMillis()));
    assertThat(redis.keysThatWouldStayForever()).isEmpty();
  }
}
