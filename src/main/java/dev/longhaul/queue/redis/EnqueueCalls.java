package dev.longhaul.queue.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of enqueue.lua for one shard. A call that comes while others are under way waits for
 * one of them to end, and then goes together with all that have come meanwhile: most of what a
 * script costs is paid per call, not per job. A call that comes alone is sent at once.
 */
final class EnqueueCalls {
  /** Calls under way at once; one is prepared here while Redis works on the other. */
  private static final int MOST_CALLS = 2;

  /** Jobs in calls that go together: Redis does nothing else for as long as it stores them. */
  private static final int MOST_JOBS = 200;

  private static final Long STORED = 1L;

  private final Stored script;
  private final Object lock = new Object();
  private final Queue<Call> waiting = new ArrayDeque<>();
  private int underWay;

  private record Call(
      RedisClusterAsyncCommands<String, String> redis,
      int count,
      List<String> jobs,
      CompletableFuture<List<Object>> answer) {}

  /**
   * @param script runs the script for a count of jobs, given their arguments
   */
  EnqueueCalls(Stored script) {
    this.script = script;
  }

  /** The script, for a count of jobs, given their arguments. */
  interface Stored {
    CompletableFuture<List<Object>> run(
        RedisClusterAsyncCommands<String, String> redis, int count, List<String> jobs);
  }

  /**
   * Stores jobs, all or none.
   *
   * @param redis taken from the pool by the caller's thread: in one of Netty's, which send what
   *     waited, opening a connection would wait for that very thread
   * @param jobs the script's arguments for each
   * @return the script's answer for these jobs; a call whose answer is done already is not sent
   */
  CompletableFuture<List<Object>> add(
      RedisClusterAsyncCommands<String, String> redis, int count, List<String> jobs) {
    var call = new Call(redis, count, jobs, new CompletableFuture<>());
    synchronized (lock) {
      waiting.add(call);
    }
    send();
    return call.answer;
  }

  private void send() {
    for (List<Call> calls = next(); !calls.isEmpty(); calls = next()) {
      List<Call> together = calls;
      var _ =
          run(together)
              .whenComplete((answer, failure) -> {
                synchronized (lock) {
                  underWay--;
                }
                send();
                settle(together, answer, failure);
              });
    }
  }

  private List<Call> next() {
    List<Call> calls = new ArrayList<>();
    synchronized (lock) {
      int jobs = 0;
      while (underWay < MOST_CALLS && !waiting.isEmpty()) {
        Call first = waiting.element();
        if (!calls.isEmpty() && jobs + first.count > MOST_JOBS) {
          break;
        }
        waiting.remove();
        if (!first.answer.isDone()) { // nobody waits any more for one that took too long
          calls.add(first);
          jobs += first.count;
        }
      }
      if (!calls.isEmpty()) {
        underWay++;
      }
    }
    return calls;
  }

  private CompletableFuture<List<Object>> run(List<Call> calls) {
    List<String> jobs = new ArrayList<>();
    int count = 0;
    for (Call call : calls) {
      jobs.addAll(call.jobs);
      count += call.count;
    }
    try {
      return script.run(calls.getLast().redis, count, jobs);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void settle(
      List<Call> calls, @Nullable List<Object> answer, @Nullable Throwable failure) {
    if (answer == null) {
      Throwable cause =
          failure instanceof CompletionException wrapped && wrapped.getCause() != null
              ? wrapped.getCause()
              : failure;
      calls.forEach(call ->
          call.answer.completeExceptionally(
              cause == null ? new IllegalStateException("no answer and no failure") : cause));
    } else if (calls.size() == 1) {
      calls.getFirst().answer.complete(answer);
    } else if (answer.getFirst().equals(STORED)) {
      int from = 1;
      for (Call call : calls) {
        List<Object> own = new ArrayList<>(call.count + 1);
        own.add(STORED);
        own.addAll(answer.subList(from, from + call.count));
        from += call.count;
        call.answer.complete(own);
      }
    } else {
      // One of them was refused, and so all were: what each would have got alone is seen alone.
      for (Call call : calls) {
        var _ =
            run(List.of(call)).whenComplete((own, failed) -> settle(List.of(call), own, failed));
      }
    }
  }
}
