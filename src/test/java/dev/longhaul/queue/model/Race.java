package dev.longhaul.queue.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Several concurrent calls on one job, as from different processes. */
final class Race implements AutoCloseable {
  /**
   * One call.
   *
   * @param real makes the call
   * @param model applies the call to the model of the job and returns the expected answer
   */
  record Call(String name, Callable<Object> real, Function<ModelJob, Object> model) {}

  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  /**
   * Makes all calls at once.
   *
   * @return the possible states of the job: those for which an order of calls explains every
   *     answer; never empty
   */
  List<ModelJob> run(ModelJob job, List<Call> calls) {
    List<Object> answers = answers(calls);
    List<ModelJob> possible = new ArrayList<>();
    orders(
        new ArrayList<>(),
        calls,
        order -> {
          ModelJob copy = job.copy();
          for (Call call : order) {
            if (!call.model().apply(copy).equals(answers.get(calls.indexOf(call)))) {
              return;
            }
          }
          if (possible.stream().noneMatch(copy::same)) {
            possible.add(copy);
          }
        });
    if (possible.isEmpty()) {
      throw new AssertionError(
          "no order of %s explains the answers %s for %s"
              .formatted(calls.stream().map(Call::name).toList(), answers, job));
    }
    return possible;
  }

  private List<Object> answers(List<Call> calls) {
    CyclicBarrier start = new CyclicBarrier(calls.size());
    List<Future<Object>> answers = new ArrayList<>();
    for (Call call : calls) {
      answers.add(
          threads.submit(() -> {
            start.await(60, TimeUnit.SECONDS);
            return call.real().call();
          }));
    }
    List<Object> got = new ArrayList<>();
    for (Future<Object> answer : answers) {
      try {
        got.add(answer.get(60, TimeUnit.SECONDS));
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("a call of the race failed", e);
      }
    }
    return got;
  }

  private static void orders(List<Call> chosen, List<Call> all, Consumer<List<Call>> use) {
    if (chosen.size() == all.size()) {
      use.accept(chosen);
      return;
    }
    for (Call call : all) {
      if (!chosen.contains(call)) {
        List<Call> longer = new ArrayList<>(chosen);
        longer.add(call);
        orders(longer, all, use);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
