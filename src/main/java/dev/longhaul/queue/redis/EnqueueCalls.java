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
 * Batches the calls of enqueue.lua for one shard. A call during other calls waits until one of them
 * ends and is then sent together with all that came meanwhile, because most of a script's cost is
 * per call and not per job. A call that comes alone is sent at once.
 */
final class EnqueueCalls {
  /**
   * The maximum number of calls in flight, so that one is prepared while Redis executes the other.
   */
  private static final int MOST_CALLS = 2;

  /** The maximum number of jobs sent together, since Redis is blocked while it stores them. */
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

  /** Runs the script for a number of jobs with their arguments. */
  interface Stored {
    CompletableFuture<List<Object>> run(
        RedisClusterAsyncCommands<String, String> redis, int count, List<String> jobs);
  }

  /**
   * Stores jobs, all or none.
   *
   * @param redis the connection, opened in the caller's thread: waiting calls are sent in a Netty
   *     thread, where opening a connection would wait for that thread itself
   * @param jobs the script's arguments for each job
   * @return the script's reply for these jobs; a call whose future has already completed is not
   *     sent
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
        if (!first.answer.isDone()) { // skipped if it has timed out
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
      // One call was refused and therefore all of them, so each is sent alone.
      for (Call call : calls) {
        var _ =
            run(List.of(call)).whenComplete((own, failed) -> settle(List.of(call), own, failed));
      }
    }
  }
}
