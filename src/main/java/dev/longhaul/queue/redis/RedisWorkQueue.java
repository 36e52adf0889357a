package dev.longhaul.queue.redis;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.UnblockType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The workers' side of the queue on Redis. */
final class RedisWorkQueue implements WorkQueue {
  private static final JobError POISON =
      new JobError(
          JobError.POISON,
          "worker_lost",
          "The job was given up because too many workers were lost while they ran it.",
          "Look for what ends the worker (memory, native code) before calling the tool again.");

  private static final JobError HELD_TOO_LONG =
      new JobError(
          JobError.EXPIRED,
          "held",
          "The job was held for longer than longhaul.queue.max-held and was not started.",
          "Submit it again, and start it in time.");

  private final RedisConnections connections;
  private final RedisKeys keys;
  private final JobFields fields;
  private final Watchers watchers;
  private final StepMessages messages;
  private final RedisQueueProperties properties;
  private final ResultProperties results;
  private final boolean exclusive;
  private final String process;
  private final AtomicLong calls = new AtomicLong();

  /**
   * @param exclusive whether no other process can use this Redis, as with the embedded one
   */
  RedisWorkQueue(
      RedisConnections connections,
      RedisKeys keys,
      JobFields fields,
      Watchers watchers,
      RedisQueueProperties properties,
      ResultProperties results,
      boolean exclusive) {
    this.connections = connections;
    this.keys = keys;
    this.fields = fields;
    this.watchers = watchers;
    this.messages = new StepMessages(fields, properties.queue(), results);
    this.properties = properties;
    this.results = results;
    this.exclusive = exclusive;
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    this.process = HexFormat.of().formatHex(random);
  }

  @Override
  public CompletableFuture<StepAnswer> step(
      List<Completion> completions, List<String> queues, int claims) {
    String nonce = nonce();
    return Scripts.list(
            connections.shared().async(),
            Script.STEP,
            tag(),
            messages.write(nonce, completions, queues, claims))
        .thenApply(answer -> messages.read(answer, nonce));
  }

  @Override
  public CompletableFuture<StepAnswer> claimWhenReady(
      List<String> queues, int claims, Duration wait) {
    StatefulRedisConnection<String, String> connection = connections.blocking();
    // Opened here: in a Netty thread, where answers arrive, opening would wait for that very
    // thread.
    var shared = connections.shared().async();
    Duration bounded =
        wait.compareTo(RedisConnections.LONGEST_WAIT) > 0 ? RedisConnections.LONGEST_WAIT : wait;
    String nonce = nonce();
    String[] tokens =
        queues.stream().map(q -> keys.wake(RedisJobQueue.SHARD, q)).toArray(String[]::new);
    String[] args = messages.write(nonce, List.of(), queues, claims).toArray(new String[0]);
    String[] tag = {tag()};
    // Sent without waiting for answers: Redis runs the step the moment the token ends the wait.
    // Auto-flush stays on: what is sent again after a reconnect then needs nobody's flush.
    connections.blockingClientId(connection.async().clientId());
    var woken = connection.async().blpop(bounded.toMillis() / 1000.0, tokens);
    var step =
        connection
            .async()
            .<List<Object>>evalsha(Script.STEP.sha(), ScriptOutputType.MULTI, tag, args);
    return woken
        .toCompletableFuture()
        .thenCompose(ignored -> step.toCompletableFuture())
        .whenComplete((answer, failure) -> {
          // No answer long after the wait should have ended: the other end may be gone unnoticed.
          if (hasTimedOut(failure)) {
            connections.dropBlocking(connection);
          }
        })
        .exceptionallyCompose(e ->
            Scripts.isNoScript(e)
                ? Scripts.list(shared, Script.STEP, tag(), List.of(args))
                : CompletableFuture.failedFuture(e))
        .thenApply(answer -> messages.read(answer, nonce));
  }

  private static boolean hasTimedOut(@Nullable Throwable failure) {
    return failure instanceof RedisCommandTimeoutException
        || (failure != null && failure.getCause() instanceof RedisCommandTimeoutException);
  }

  @Override
  public void stopWaiting() {
    long client = connections.await(connections.blockingClientId());
    if (client >= 0) {
      connections.await(connections.shared().async().clientUnblock(client, UnblockType.TIMEOUT));
    }
  }

  @Override
  public CompletableFuture<Set<JobId>> start(List<Claim> claims) {
    List<String> args = new ArrayList<>(claims.size() * 3);
    claims.forEach(claim -> StepMessages.addToken(args, claim.id(), claim.token()));
    return Scripts.list(connections.shared().async(), Script.START, tag(), args)
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

  @Override
  public RenewAnswer renew(Map<JobId, LeaseToken> leases) {
    List<JobId> order = List.copyOf(leases.keySet());
    List<String> args = new ArrayList<>(1 + order.size() * 3);
    args.add(Long.toString(lease().toMillis()));
    for (Map.Entry<JobId, LeaseToken> held : ordered(order, leases)) {
      StepMessages.addToken(args, held.getKey(), held.getValue());
    }
    List<Object> answers =
        connections.await(Scripts.list(connections.leases().async(), Script.RENEW, tag(), args));
    Set<JobId> lost = new HashSet<>();
    Set<JobId> cancelled = new HashSet<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).equals(1L)) {
        lost.add(order.get(i));
      } else if (answers.get(i).equals(2L)) {
        cancelled.add(order.get(i));
      }
    }
    return new RenewAnswer(lost, cancelled);
  }

  @Override
  public CompletableFuture<Boolean> progress(JobId id, LeaseToken token, Progress progress) {
    List<String> args = new ArrayList<>();
    StepMessages.addToken(args, id, token);
    args.add(progress.fraction() == null ? "" : Double.toString(progress.fraction()));
    args.add(progress.message() == null ? "" : progress.message());
    return Scripts.number(connections.shared().async(), Script.PROGRESS, tag(), args)
        .thenApply(answer -> answer == 1);
  }

  @Override
  public CompletableFuture<Boolean> attachPartial(
      JobId id, LeaseToken token, @Nullable Partial partial) {
    List<String> args = new ArrayList<>();
    StepMessages.addToken(args, id, token);
    args.addAll(OutcomeFields.write(partial));
    return Scripts.number(connections.shared().async(), Script.PARTIAL, tag(), args)
        .thenApply(answer -> answer == 1);
  }

  @Override
  public CompletableFuture<Long> recordTimes(String tool, long count, long millis) {
    return Scripts.number(
        connections.shared().async(),
        Script.TIMES,
        tag(),
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

  private CompletableFuture<Boolean> breaker(String tool, long millis) {
    return Scripts.number(
            connections.shared().async(),
            Script.BREAKER,
            tag(),
            List.of(tool, Long.toString(millis)))
        .thenApply(changed -> changed == 1);
  }

  @Override
  public ReapAnswer reap(int limit) {
    return reap(limit, false);
  }

  @Override
  public ReapAnswer reapAfterRestart() {
    if (!exclusive) {
      return new ReapAnswer(List.of(), List.of(), null);
    }
    Set<JobId> requeued = new LinkedHashSet<>();
    Set<JobId> ended = new LinkedHashSet<>();
    ReapAnswer answer;
    do {
      answer = reap(500, true);
      requeued.addAll(answer.requeued());
      ended.addAll(answer.ended());
    } while (!answer.requeued().isEmpty() || !answer.ended().isEmpty());
    return new ReapAnswer(requeued, ended, answer.nextExpiry());
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
    List<String> args =
        List.of(
            Long.toString(lease().toMillis()),
            Integer.toString(limit),
            Integer.toString(properties.queue().maxLostWorkers()),
            fields.write(JobError.outcomeUnknown()),
            fields.write(POISON),
            Long.toString(results.statusTtl().toMillis()),
            Long.toString(results.ttl().toMillis()),
            Long.toString(results.deadTtl().toMillis()),
            all ? "1" : "0",
            Double.toString(properties.redis().memoryLimit()),
            fields.write(HELD_TOO_LONG));
    List<Object> answer =
        connections.await(Scripts.list(connections.shared().async(), Script.REAP, tag(), args));
    long next = (Long) answer.get(2);
    return new ReapAnswer(
        ids(answer.get(0)), ids(answer.get(1)), next < 0 ? null : Duration.ofMillis(next));
  }

  private static List<Map.Entry<JobId, LeaseToken>> ordered(
      List<JobId> order, Map<JobId, LeaseToken> leases) {
    List<Map.Entry<JobId, LeaseToken>> entries = new ArrayList<>(order.size());
    for (JobId id : order) {
      LeaseToken token = leases.get(id);
      entries.add(Map.entry(id, token == null ? new LeaseToken(-1, "") : token));
    }
    return entries;
  }

  private static List<JobId> ids(Object answer) {
    return ((List<?>) answer).stream().map(id -> new JobId((String) id)).toList();
  }

  private String nonce() {
    return process + Long.toString(calls.incrementAndGet(), 36);
  }

  private String tag() {
    return keys.tag(RedisJobQueue.SHARD);
  }
}
