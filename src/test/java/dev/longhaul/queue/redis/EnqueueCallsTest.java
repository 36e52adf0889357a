package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls that are sent together, and the reply to each; the test replaces the script. */
class EnqueueCallsTest {
  // Never called, because the test replaces the script.
  @SuppressWarnings("unchecked")
  private static final RedisClusterAsyncCommands<String, String> REDIS =
      (RedisClusterAsyncCommands<String, String>)
          Proxy.newProxyInstance(
              EnqueueCallsTest.class.getClassLoader(),
              new Class<?>[] {RedisClusterAsyncCommands.class},
              (_, _, _) -> {
                throw new UnsupportedOperationException();
              });

  private final List<List<String>> sent = new ArrayList<>();
  private final List<CompletableFuture<List<Object>>> answers = new ArrayList<>();
  private final EnqueueCalls calls =
      new EnqueueCalls((_, count, jobs) -> {
        sent.add(List.copyOf(jobs));
        answers.add(new CompletableFuture<>());
        return answers.getLast();
      });

  @Test
  void aLoneCallIsSentAtOnce() {
    var answer = calls.add(REDIS, 1, List.of("a"));
    assertThat(sent).containsExactly(List.of("a"));

    answers.getFirst().complete(List.of(1L, "id-a"));

    assertThat(answer.join()).isEqualTo(List.of(1L, "id-a"));
  }

  @Test
  void callsThatCameMeanwhileGoTogetherAndHearOfTheirOwnJobs() {
    var _ = calls.add(REDIS, 1, List.of("a"));
    var _ = calls.add(REDIS, 1, List.of("b"));
    var two = calls.add(REDIS, 2, List.of("c", "d"));
    var one = calls.add(REDIS, 1, List.of("e"));
    assertThat(sent).containsExactly(List.of("a"), List.of("b"));

    answers.get(0).complete(List.of(1L, "id-a"));
    assertThat(sent).last().isEqualTo(List.of("c", "d", "e"));
    answers.get(2).complete(List.of(1L, "id-c", "id-d", "id-e"));

    assertThat(two.join()).isEqualTo(List.of(1L, "id-c", "id-d"));
    assertThat(one.join()).isEqualTo(List.of(1L, "id-e"));
  }

  @Test
  void whoeverIsRefusedDoesNotRefuseTheOthers() {
    var _ = calls.add(REDIS, 1, List.of("a"));
    var _ = calls.add(REDIS, 1, List.of("b"));
    var good = calls.add(REDIS, 1, List.of("good"));
    var bad = calls.add(REDIS, 1, List.of("bad"));
    answers.get(0).complete(List.of(1L, "id-a"));

    answers.get(2).complete(List.of(-2L, "other"));
    assertThat(sent).endsWith(List.of("good"), List.of("bad"));
    answers.get(3).complete(List.of(1L, "id-good"));
    answers.get(4).complete(List.of(-2L, "other"));

    assertThat(good.join()).isEqualTo(List.of(1L, "id-good"));
    assertThat(bad.join()).isEqualTo(List.of(-2L, "other"));
  }

  @Test
  void aFailureIsHeardByAllOfThemAndTheNextGoOn() {
    var _ = calls.add(REDIS, 1, List.of("a"));
    var _ = calls.add(REDIS, 1, List.of("b"));
    var c = calls.add(REDIS, 1, List.of("c"));
    var d = calls.add(REDIS, 1, List.of("d"));
    answers.get(0).complete(List.of(1L, "id-a"));
    var later = calls.add(REDIS, 1, List.of("e"));

    answers.get(2).completeExceptionally(new IllegalStateException("gone"));

    assertThat(c).isCompletedExceptionally();
    assertThat(d).isCompletedExceptionally();
    assertThat(sent).last().isEqualTo(List.of("e"));
    assertThat(later).isNotDone();
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsNotSent() {
    var _ = calls.add(REDIS, 1, List.of("a"));
    var _ = calls.add(REDIS, 1, List.of("b"));
    calls.add(REDIS, 1, List.of("late")).cancel(false);
    var _ = calls.add(REDIS, 1, List.of("c"));

    answers.get(0).complete(List.of(1L, "id-a"));

    assertThat(sent).last().isEqualTo(List.of("c"));
  }
}
