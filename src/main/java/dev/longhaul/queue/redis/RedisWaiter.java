package dev.longhaul.queue.redis;

import dev.longhaul.job.RandomText;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.queue.WorkQueue.Waiter;
import dev.longhaul.redis.NodeConnection;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for jobs in any shard: with a single Redis on one connection for all shards, in a cluster
 * on one connection per shard. The first one that is woken ends the waits of the others.
 *
 * <p>Each wait is followed by a claim for this shard's share of the free slots. With fewer slots
 * than shards it is followed by nothing, and a step over the woken shards claims. In both cases no
 * more jobs are claimed than there are slots.
 */
final class RedisWaiter implements Waiter {
  private static final Logger log = LoggerFactory.getLogger(RedisWaiter.class);
  private static final Duration UNTIL_NEXT_TRY = Duration.ofSeconds(2);

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final Layout layout;
  private final Claims claims;
  private final Steps steps;
  private final Consumer<RedisWaiter> closed;
  private final Map<Integer, BlockingConnection> lines = new HashMap<>();

  /**
   * @param closed is told when it was closed
   */
  RedisWaiter(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
      Claims claims,
      Steps steps,
      Consumer<RedisWaiter> closed) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.layout = layout;
    this.claims = claims;
    this.steps = steps;
    this.closed = closed;
  }

  /**
   * Sends a claim on a node's connection; the other one is for a script that has to be sent with
   * its text.
   */
  interface Claims {
    CompletableFuture<StepAnswer> claim(
        NodeConnection node,
        RedisClusterAsyncCommands<String, String> redis,
        int shard,
        List<String> queues,
        int claims);
  }

  @Override
  public CompletableFuture<StepAnswer> claimWhenReady(
      List<String> queues, int free, Duration wait) {
    layout.agreed(); // no claim of what this version cannot read
    // Opened here, because in a Netty thread, where replies arrive, opening would wait for that
    // thread itself.
    var redis = connections.shared();
    List<Integer> order = shards.rotation();
    boolean someAside = order.size() < shards.all().size();
    Duration bounded = shorter(wait, QueueConnections.LONGEST_WAIT);
    if (someAside) {
      bounded = shorter(bounded, UNTIL_NEXT_TRY);
    }
    List<List<Integer>> groups = connections.isCluster() ? each(order) : List.of(order);
    Map<Integer, Integer> shares = shares(order, free);
    List<CompletableFuture<Result>> results = new ArrayList<>();
    List<BlockingConnection> used = new ArrayList<>();
    for (List<Integer> group : groups) {
      BlockingConnection line = line(group.getFirst(), queues);
      results.add(start(redis, line, group, queues, shares, bounded));
      used.add(line);
    }
    if (used.size() > 1) {
      for (CompletableFuture<Result> one : results) {
        var _ = one.thenRun(() -> used.forEach(BlockingConnection::unblock));
      }
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenCompose(_ ->
            finish(
                redis,
                results.stream().map(CompletableFuture::join).toList(),
                queues,
                free,
                shares));
  }

  @Override
  public void stop() {
    synchronized (lines) {
      lines.values().forEach(BlockingConnection::unblock);
    }
  }

  @Override
  public void close() {
    closed.accept(this);
    synchronized (lines) {
      lines.values().forEach(BlockingConnection::close);
    }
  }

  private CompletableFuture<Result> start(
      RedisClusterAsyncCommands<String, String> redis,
      BlockingConnection line,
      List<Integer> group,
      List<String> queues,
      Map<Integer, Integer> shares,
      Duration wait) {
    try {
      return line.await(
              tokens(group, queues), wait, node -> claimBehind(redis, node, group, queues, shares))
          .handle((woken, failure) -> {
            if (failure != null) {
              return new Result(group, StepAnswer.EMPTY, List.of(), unwrap(failure));
            }
            List<Integer> awake =
                woken.fresh()
                    ? group
                    : woken.token() == null ? List.of() : List.of(RedisKeys.shardOf(woken.token()));
            return new Result(group, woken.done(), awake, null);
          });
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(new Result(group, StepAnswer.EMPTY, List.of(), e));
    }
  }

  private CompletableFuture<StepAnswer> claimBehind(
      RedisClusterAsyncCommands<String, String> redis,
      NodeConnection node,
      List<Integer> group,
      List<String> queues,
      Map<Integer, Integer> shares) {
    CompletableFuture<StepAnswer> all = CompletableFuture.completedFuture(StepAnswer.EMPTY);
    for (int shard : group) {
      int share = shares.getOrDefault(shard, 0);
      if (share > 0) {
        all = all.thenCombine(claims.claim(node, redis, shard, queues, share), Steps::merge);
      }
    }
    return all;
  }

  private CompletableFuture<StepAnswer> finish(
      RedisClusterAsyncCommands<String, String> redis,
      List<Result> results,
      List<String> queues,
      int free,
      Map<Integer, Integer> shares) {
    StepAnswer answer = StepAnswer.EMPTY;
    Set<Integer> woken = new LinkedHashSet<>();
    RuntimeException failure = null;
    int failed = 0;
    for (Result result : results) {
      answer = Steps.merge(answer, result.answer());
      if (result.failure() != null) {
        failure = result.failure();
        failed++;
        result.group().forEach(shards::putAside);
      }
      woken.addAll(result.awake());
    }
    if (failure != null) {
      if (failed == results.size()) {
        return CompletableFuture.failedFuture(failure);
      }
      log.warn(
          "{} of {} connections that wait for jobs were lost ({}); the other shards are served, and"
              + " these soon will be again",
          failed,
          results.size(),
          failure.getMessage());
    }
    if (!shares.isEmpty() || woken.isEmpty()) {
      return CompletableFuture.completedFuture(answer);
    }
    return claimFrom(redis, woken, queues, free);
  }

  // The woken shards first. If the slots do not suffice for all of them, the tokens of the others
  // are put back for other workers.
  private CompletableFuture<StepAnswer> claimFrom(
      RedisClusterAsyncCommands<String, String> redis,
      Set<Integer> woken,
      List<String> queues,
      int free) {
    Set<Integer> order = new LinkedHashSet<>(woken);
    order.addAll(shards.rotation());
    return steps
        .step(redis, List.of(), queues, free, List.copyOf(order))
        .whenComplete((_, _) ->
            woken.forEach(shard -> {
              var _ = Scripts.number(redis, Script.WAKE, keys.tag(shard), queues);
            }));
  }

  // All zero with fewer slots than shards: then only tokens are taken.
  private Map<Integer, Integer> shares(List<Integer> order, int free) {
    Map<Integer, Integer> shares = new HashMap<>();
    if (free >= order.size()) {
      for (int i = 0; i < order.size(); i++) {
        shares.put(order.get(i), free / order.size() + (i < free % order.size() ? 1 : 0));
      }
    }
    return shares;
  }

  private List<String> tokens(List<Integer> group, List<String> queues) {
    List<String> tokens = new ArrayList<>();
    for (int shard : group) {
      queues.forEach(queue -> tokens.add(keys.wake(shard, queue)));
    }
    return tokens;
  }

  private BlockingConnection line(int shard, List<String> queues) {
    int key = connections.isCluster() ? shard : 0;
    synchronized (lines) {
      return lines.computeIfAbsent(
          key, at -> new BlockingConnection(connections, at, () -> name(queues)));
    }
  }

  private String name(List<String> queues) {
    return new WorkerConnectionName(RandomText.hex(8), keys.namespace(), queues).toString();
  }

  private static List<List<Integer>> each(List<Integer> shards) {
    return shards.stream().map(List::of).toList();
  }

  private static RuntimeException unwrap(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /**
   * The result of one connection.
   *
   * @param awake the shards whose tokens it took, or all of its shards if it did not wait
   */
  private record Result(
      List<Integer> group,
      StepAnswer answer,
      List<Integer> awake,
      @Nullable RuntimeException failure) {}
}
