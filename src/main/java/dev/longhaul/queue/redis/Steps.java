package dev.longhaul.queue.redis;

import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one step of a worker over all shards. Completions go to the shards of their jobs in
 * parallel. Claims go to one shard after the other, each for what is still missing, so never too
 * many jobs are claimed, and with a backlog one shard is enough.
 */
final class Steps {
  private static final Logger log = LoggerFactory.getLogger(Steps.class);

  private final Shards shards;
  private final OneShard oneShard;

  Steps(Shards shards, OneShard oneShard) {
    this.shards = shards;
    this.oneShard = oneShard;
  }

  /** Runs the script on one shard. */
  interface OneShard {
    CompletableFuture<StepAnswer> step(
        RedisClusterAsyncCommands<String, String> redis,
        int shard,
        List<Completion> completions,
        List<String> queues,
        int claims);
  }

  CompletableFuture<StepAnswer> step(
      RedisClusterAsyncCommands<String, String> redis,
      List<Completion> completions,
      List<String> queues,
      int claims) {
    if (shards.all().size() == 1) {
      return oneShard.step(redis, 0, completions, queues, claims);
    }
    return step(redis, completions, queues, claims, claims > 0 ? shards.rotation() : List.of());
  }

  /**
   * @param redis the connection, opened in the caller's thread: in a Netty thread opening it would
   *     wait for that thread itself
   * @param order the shards to claim from, as far as needed
   */
  CompletableFuture<StepAnswer> step(
      RedisClusterAsyncCommands<String, String> redis,
      List<Completion> completions,
      List<String> queues,
      int claims,
      List<Integer> order) {
    Map<Integer, List<Integer>> places =
        Shards.group(
            IntStream.range(0, completions.size()).boxed().toList(),
            place -> completions.get(place).id().shard());
    Map<Integer, CompletableFuture<StepAnswer>> sent = new TreeMap<>();
    int first = order.isEmpty() ? -1 : order.getFirst();
    places.forEach((shard, its) ->
        sent.put(
            shard,
            oneShard.step(
                redis,
                shard,
                its.stream().map(completions::get).toList(),
                queues,
                shard == first ? claims : 0)));
    CompletableFuture<StepAnswer> claimed =
        first < 0
            ? CompletableFuture.completedFuture(StepAnswer.EMPTY)
            : sent.containsKey(first)
                ? sent.get(first)
                : orNothing(first, oneShard.step(redis, first, List.of(), queues, claims));
    return CompletableFuture.allOf(sent.values().toArray(CompletableFuture[]::new))
        .whenComplete((_, failure) -> {
          if (failure != null) {
            var _ = claimed.thenAccept(unwanted -> giveBack(redis, unwanted));
          }
        })
        .thenCompose(_ -> claimed)
        .thenCompose(answer -> fill(redis, answer, queues, claims, order, 1))
        .thenApply(answer -> withAccepted(answer, completions.size(), places, sent));
  }

  // The next shard may have what one shard could not give.
  private CompletableFuture<StepAnswer> fill(
      RedisClusterAsyncCommands<String, String> redis,
      StepAnswer soFar,
      List<String> queues,
      int claims,
      List<Integer> order,
      int next) {
    int missing = claims - soFar.claims().size();
    if (next >= order.size()) {
      return CompletableFuture.completedFuture(soFar);
    }
    if (missing <= 0) {
      // The other shards were not asked and may have jobs.
      return CompletableFuture.completedFuture(
          new StepAnswer(
              soFar.accepted(), soFar.claims(), true, soFar.nextDue(), soFar.vanished()));
    }
    int shard = order.get(next);
    return orNothing(shard, oneShard.step(redis, shard, List.of(), queues, missing))
        .thenCompose(more -> fill(redis, merge(soFar, more), queues, claims, order, next + 1));
  }

  // An unavailable shard must not block the others.
  private CompletableFuture<StepAnswer> orNothing(int shard, CompletableFuture<StepAnswer> answer) {
    return answer.exceptionally(failure -> {
      shards.putAside(shard);
      log.warn(
          "Jobs of shard {} could not be claimed ({}); the other shards are served, and it is tried"
              + " again soon",
          shard,
          failure.getMessage());
      return StepAnswer.EMPTY;
    });
  }

  // The caller gets a failure and not these claims, so they are given back instead of waiting for
  // the end of their leases.
  private void giveBack(RedisClusterAsyncCommands<String, String> redis, StepAnswer unwanted) {
    Shards.group(unwanted.claims(), claim -> claim.id().shard())
        .forEach((shard, claims) -> {
          List<Completion> back = new ArrayList<>();
          for (Claim claim : claims) {
            back.add(new Completion.GivenBack(claim.id(), claim.token(), Duration.ZERO));
          }
          var _ = oneShard.step(redis, shard, back, List.of(), 0);
        });
  }

  private static StepAnswer withAccepted(
      StepAnswer answer,
      int completions,
      Map<Integer, List<Integer>> places,
      Map<Integer, CompletableFuture<StepAnswer>> sent) {
    List<Boolean> accepted = new ArrayList<>(Collections.nCopies(completions, false));
    sent.forEach((shard, done) -> {
      List<Boolean> its = done.join().accepted();
      List<Integer> where = places.getOrDefault(shard, List.of());
      for (int i = 0; i < its.size(); i++) {
        accepted.set(where.get(i), its.get(i));
      }
    });
    return new StepAnswer(
        accepted, answer.claims(), answer.more(), answer.nextDue(), answer.vanished());
  }

  /** Merges the claims of two shards, without the accepted completions. */
  static StepAnswer merge(StepAnswer one, StepAnswer other) {
    List<Claim> claims = new ArrayList<>(one.claims());
    claims.addAll(other.claims());
    return new StepAnswer(
        List.of(),
        claims,
        one.more() || other.more(),
        earlier(one.nextDue(), other.nextDue()),
        one.vanished() + other.vanished());
  }

  private static @Nullable Duration earlier(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }
}
