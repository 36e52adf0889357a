package dev.longhaul.queue.redis;

import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.AskedQuestion;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.redis.NodeConnection;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Implements {@link WorkQueue} on Redis. */
final class RedisWorkQueue implements WorkQueue {
  private static final Logger log = LoggerFactory.getLogger(RedisWorkQueue.class);
  private static final JobError POISON =
      new JobError(
          JobError.POISON,
          "worker_lost",
          "The job was given up because too many workers were lost while they ran it.",
          "Look for what ends the worker (memory, native code) before calling the tool again.");

  /** The time to live of a partial result, which is normally deleted at the job's end. */
  private static final Duration PARTIAL_LIFE = Duration.ofDays(1);

  private static final JobError HELD_TOO_LONG =
      new JobError(
          JobError.DEADLINE_EXCEEDED,
          "held",
          "The job was held for longer than longhaul.queue.max-held and was not started.",
          "Submit it again, and start it in time.");

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final Layout layout;
  private final Steps steps;
  private final JobFields fields;
  private final Watchers watchers;
  private final StepMessages messages;
  private final RedisQueueProperties properties;
  private final ResultProperties results;
  private final LargeResults large;
  private final Questions questions;
  private final boolean exclusive;
  private final Set<RedisWaiter> waiters = ConcurrentHashMap.newKeySet();

  /**
   * @param exclusive whether this process alone uses the Redis, as with the embedded one
   */
  RedisWorkQueue(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
      JobFields fields,
      Watchers watchers,
      RedisQueueProperties properties,
      ResultProperties results,
      boolean exclusive) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.layout = layout;
    this.steps = new Steps(shards, this::step);
    this.fields = fields;
    this.watchers = watchers;
    this.messages =
        new StepMessages(fields, watchers.channel(), watchers::told, properties.queue(), results);
    this.properties = properties;
    this.results = results;
    this.large = new LargeResults(connections, keys, results.compressSize().toBytes());
    this.questions = new Questions(connections, keys, fields.json());
    this.exclusive = exclusive;
    connections.closeFirst(() -> waiters.forEach(RedisWaiter::close));
  }

  @Override
  public CompletableFuture<StepAnswer> step(
      List<Completion> completions, List<String> queues, int claims) {
    return steps.step(
        connections.shared(),
        completions,
        queues,
        claims > 0 && mayClaim(!completions.isEmpty()) ? claims : 0);
  }

  // No claim of what this version cannot read, but what has ended is stored.
  private boolean mayClaim(boolean withCompletions) {
    try {
      layout.agreed();
      return true;
    } catch (QueueUnavailableException e) {
      if (withCompletions) {
        log.debug("Nothing is claimed together with what has ended", e);
        return false;
      }
      throw e;
    }
  }

  @Override
  public Waiter newWaiter() {
    var waiter =
        new RedisWaiter(connections, keys, shards, layout, this::claimOn, steps, waiters::remove);
    waiters.add(waiter);
    return waiter;
  }

  private CompletableFuture<StepAnswer> step(
      RedisClusterAsyncCommands<String, String> redis,
      int shard,
      List<Completion> completions,
      List<String> queues,
      int claims) {
    String nonce = nonce();
    // In the caller's thread, because a Netty thread must not wait for a connection.
    NodeConnection recording = completions.isEmpty() ? null : connections.recording(shard);
    List<Ended> ended = Ended.of(completions);
    List<Ended> big = ended.stream().filter(one -> large.isLarge(one.size())).toList();
    if (big.isEmpty()) {
      List<String> args = messages.write(nonce, ended, queues, claims, Set.of());
      return sent(redis, recording, shard, args, ended, nonce);
    }
    var written =
        big.stream()
            .map(one -> large.stage(one.id(), one.stored(), nonce))
            .toArray(CompletableFuture[]::new);
    Set<JobId> staged = big.stream().map(Ended::id).collect(Collectors.toSet());
    // A full Redis accepts no large result, but the job's end must be stored, so the result goes
    // with the step.
    CompletableFuture<Boolean> full =
        connections
            .inTime(CompletableFuture.allOf(written))
            .thenApply(_ -> false)
            .exceptionallyCompose(failure ->
                RedisConnections.isOutOfMemory(failure)
                    ? CompletableFuture.completedFuture(true)
                    : CompletableFuture.failedFuture(failure));
    return full.thenCompose(inline ->
        sent(
            redis,
            recording,
            shard,
            messages.write(nonce, ended, queues, claims, inline ? Set.of() : staged),
            ended,
            nonce));
  }

  private CompletableFuture<StepAnswer> sent(
      RedisClusterAsyncCommands<String, String> redis,
      @Nullable NodeConnection recording,
      int shard,
      List<String> args,
      List<Ended> completions,
      String nonce) {
    return connections
        .inTime(
            recording == null
                ? Scripts.list(redis, Script.STEP, keys.tag(shard), args)
                : connections.record(
                    recording, shard, on -> Scripts.list(on, Script.STEP, keys.tag(shard), args)))
        .thenApply(answer -> messages.read(answer, completions, nonce));
  }

  private CompletableFuture<StepAnswer> claimOn(
      NodeConnection node,
      RedisClusterAsyncCommands<String, String> redis,
      int shard,
      List<String> queues,
      int claims) {
    String nonce = nonce();
    List<String> args = messages.write(nonce, List.of(), queues, claims, Set.of());
    return Scripts.<List<Object>, String>run(
            node.async(),
            redis,
            Script.STEP,
            ScriptOutputType.MULTI,
            List.of(keys.tag(shard)),
            args.toArray(String[]::new))
        .thenApply(answer -> messages.read(answer, List.of(), nonce));
  }

  @Override
  public CompletableFuture<Set<JobId>> start(List<Claim> claims) {
    Map<Integer, List<Claim>> groups = Shards.group(claims, claim -> claim.id().shard());
    if (groups.size() == 1) {
      int shard = groups.keySet().iterator().next();
      return start(shard, claims);
    }
    CompletableFuture<Set<JobId>> all = CompletableFuture.completedFuture(Set.of());
    for (var group : groups.entrySet()) {
      all = all.thenCombine(startOrNone(group.getKey(), group.getValue()), RedisWorkQueue::union);
    }
    return all;
  }

  // An unavailable node must not affect the jobs of the others.
  private CompletableFuture<Set<JobId>> startOrNone(int shard, List<Claim> claims) {
    return connections
        .inTime(start(shard, claims))
        .exceptionally(e -> {
          log.warn(
              "{} jobs of shard {} could not be started ({}); they are taken back after their"
                  + " lease",
              claims.size(),
              shard,
              e.getMessage());
          return Set.of();
        });
  }

  private CompletableFuture<Set<JobId>> start(int shard, List<Claim> claims) {
    List<String> args = new ArrayList<>(claims.size() * 2);
    claims.forEach(claim -> StepMessages.addToken(args, claim.id(), claim.token()));
    return Scripts.list(connections.shared(), Script.START, keys.tag(shard), args)
        .thenApply(answers -> {
          Set<JobId> started = new HashSet<>();
          for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).equals(1L)) {
              started.add(claims.get(i).id());
            }
          }
          return started;
        });
  }

  private static Set<JobId> union(Set<JobId> one, Set<JobId> other) {
    Set<JobId> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  @Override
  public RenewAnswer renew(Map<JobId, LeaseToken> leases) {
    Map<Integer, List<Map.Entry<JobId, LeaseToken>>> groups =
        Shards.group(leases.entrySet(), held -> held.getKey().shard());
    Map<Integer, CompletableFuture<List<Object>>> sent = new LinkedHashMap<>();
    groups.forEach((shard, held) -> {
      List<String> args = new ArrayList<>(1 + held.size() * 2);
      args.add(Long.toString(lease().toMillis()));
      held.forEach(one -> StepMessages.addToken(args, one.getKey(), one.getValue()));
      sent.put(shard, Scripts.list(connections.leases(), Script.RENEW, keys.tag(shard), args));
    });
    Set<JobId> lost = new HashSet<>();
    Set<JobId> cancelled = new HashSet<>();
    // Not longer than until the next renewal: an unavailable node must not delay the renewals on
    // the others.
    ShardReplies.of(sent, answer -> connections.awaitRenewal(answer, shorter(lease().dividedBy(3))))
        .forEach((shard, answers) -> {
          List<Map.Entry<JobId, LeaseToken>> held = groups.getOrDefault(shard, List.of());
          for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).equals(1L)) {
              lost.add(held.get(i).getKey());
            } else if (answers.get(i).equals(2L)) {
              cancelled.add(held.get(i).getKey());
            }
          }
        });
    return new RenewAnswer(lost, cancelled);
  }

  private Duration shorter(Duration limit) {
    return limit.compareTo(connections.timeout()) < 0 ? limit : connections.timeout();
  }

  @Override
  public CompletableFuture<Boolean> progress(
      JobId id, LeaseToken token, Progress progress, Checkpoints checkpoints) {
    List<String> args = new ArrayList<>();
    StepMessages.addToken(args, id, token);
    args.add(progress.fraction() == null ? "" : Double.toString(progress.fraction()));
    args.add(progress.message() == null ? "" : progress.message());
    args.add(fields.write(checkpoints));
    return Scripts.number(connections.shared(), Script.PROGRESS, keys.tag(id.shard()), args)
        .thenApply(answer -> answer == 1);
  }

  @Override
  public CompletableFuture<List<AskedQuestion>> questions(JobId id) {
    return connections.inTime(questions.all(id));
  }

  @Override
  public CompletableFuture<Boolean> ask(
      JobId id, LeaseToken token, List<AskedQuestion> asked, boolean first) {
    return connections.inTime(questions.ask(id, token, asked, first));
  }

  @Override
  public CompletableFuture<Integer> answer(JobId id, Map<String, String> answers) {
    return connections.inTime(questions.answer(id, answers));
  }

  @Override
  public Watch onAnswer(Consumer<JobId> listener) {
    return watchers.onAnswer(listener);
  }

  @Override
  public CompletableFuture<Boolean> log(JobId id, JobLog said) {
    String text = fields.json().writeValueAsString(said);
    List<String> args = List.of(id.value(), text, watchers.channel());
    return Scripts.list(connections.shared(), Script.LOG, keys.tag(id.shard()), args)
        .thenApply(told -> {
          if (told.get(1).equals(1L)) {
            watchers.told(id.value() + " " + text);
          }
          return !told.getFirst().equals(0L);
        });
  }

  @Override
  public CompletableFuture<Boolean> attachPartial(
      JobId id, LeaseToken token, @Nullable Partial partial) {
    List<String> written = OutcomeFields.write(partial);
    long size = written.stream().mapToLong(String::length).sum();
    List<String> args = new ArrayList<>();
    StepMessages.addToken(args, id, token);
    args.add(Long.toString(results.ttlOf(size).toMillis()));
    args.add(size <= OutcomeFields.SMALL ? "0" : "1");
    args.addAll(written);
    return Scripts.number(connections.shared(), Script.PARTIAL, keys.tag(id.shard()), args)
        .thenApply(answer -> answer == 1);
  }

  @Override
  public CompletableFuture<Boolean> partial(JobId id, LeaseToken token, Partial partial) {
    List<String> args = new ArrayList<>();
    StepMessages.addToken(args, id, token);
    args.add(Long.toString(PARTIAL_LIFE.toMillis()));
    args.addAll(OutcomeFields.write(partial));
    return Scripts.number(connections.shared(), Script.PARTIAL_NOW, keys.tag(id.shard()), args)
        .thenApply(answer -> answer == 1);
  }

  @Override
  public CompletableFuture<Long> recordTimes(String tool, long count, long millis) {
    return Scripts.number(
        connections.shared(),
        Script.TIMES,
        keys.tag(shards.home(tool)),
        List.of(tool, Long.toString(count), Long.toString(millis)));
  }

  @Override
  public CompletableFuture<Boolean> openBreaker(String tool, Duration time) {
    return breaker(tool, Math.max(1, time.toMillis()));
  }

  @Override
  public CompletableFuture<Boolean> closeBreaker(String tool) {
    return breaker(tool, 0);
  }

  // Jobs of the tool can be in any shard.
  private CompletableFuture<Boolean> breaker(String tool, long millis) {
    var redis = connections.shared();
    List<String> args = List.of(tool, Long.toString(millis));
    CompletableFuture<Boolean> changed = CompletableFuture.completedFuture(false);
    for (int shard : shards.all()) {
      changed =
          changed.thenCombine(
              Scripts.number(redis, Script.BREAKER, keys.tag(shard), args),
              (before, its) -> before || its == 1);
    }
    return changed;
  }

  @Override
  public ReapAnswer reap(int limit) {
    return reap(limit, false);
  }

  @Override
  public ReapAnswer reapAfterRestart() {
    if (!exclusive) {
      return new ReapAnswer(List.of(), List.of(), List.of(), Set.of(), null);
    }
    Set<JobId> requeued = new LinkedHashSet<>();
    Set<JobId> ended = new LinkedHashSet<>();
    Set<JobId> closed = new LinkedHashSet<>();
    ReapAnswer answer;
    do {
      answer = reap(500, true);
      requeued.addAll(answer.requeued());
      ended.addAll(answer.ended());
      closed.addAll(answer.closed());
    } while (!answer.requeued().isEmpty() || !answer.ended().isEmpty());
    return new ReapAnswer(requeued, ended, closed, answer.broken(), answer.nextExpiry());
  }

  @Override
  public Watch onDeadline(Consumer<Duration> listener) {
    return watchers.onDeadline(listener);
  }

  @Override
  public Watch onCancel(Consumer<JobId> listener) {
    return watchers.onCancel(listener);
  }

  @Override
  public Duration lease() {
    return properties.queue().lease();
  }

  private ReapAnswer reap(int limit, boolean all) {
    layout.refreshed();
    List<String> args =
        List.of(
            Long.toString(lease().toMillis()),
            Integer.toString(limit),
            Integer.toString(properties.queue().maxLostWorkers()),
            fields.write(JobError.outcomeUnknown()),
            fields.write(POISON),
            Long.toString(results.statusTtl().toMillis()),
            Long.toString(results.deadTtl().toMillis()),
            all ? "1" : "0",
            Double.toString(properties.redis().memoryLimit()),
            fields.write(HELD_TOO_LONG));
    Map<Integer, CompletableFuture<List<Object>>> sent = new LinkedHashMap<>();
    for (int shard : shards.all()) {
      sent.put(shard, Scripts.list(connections.shared(), Script.REAP, keys.tag(shard), args));
    }
    List<JobId> requeued = new ArrayList<>();
    List<JobId> ended = new ArrayList<>();
    List<JobId> closed = new ArrayList<>();
    Set<String> broken = new HashSet<>();
    long next = -1;
    for (List<Object> answer : ShardReplies.of(sent, connections::await).values()) {
      requeued.addAll(ids(answer.get(0)));
      ended.addAll(ids(answer.get(1)));
      closed.addAll(ids(answer.get(3)));
      ((List<?>) answer.get(4)).forEach(tool -> broken.add((String) tool));
      long its = (Long) answer.get(2);
      next = next < 0 || its < 0 ? Math.max(next, its) : Math.min(next, its);
    }
    return new ReapAnswer(
        requeued, ended, closed, broken, next < 0 ? null : Duration.ofMillis(next));
  }

  private static List<JobId> ids(Object answer) {
    return ((List<?>) answer).stream().map(id -> new JobId((String) id)).toList();
  }

  private String nonce() {
    return watchers.nonce();
  }
}
