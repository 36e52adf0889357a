package dev.longhaul.cli.bench;

import dev.longhaul.thread.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls targets in turn, a number of them at once, and measures each call. */
final class BenchRun {
  private static final int MOST_MESSAGES = 10;
  private static final int MOST_OF_A_MESSAGE = 200;

  private final Caller caller;
  private final List<Target> targets;
  private final int requests;
  private final int concurrency;
  private final BenchProgress progress;
  private final List<Measured> measured;
  private final Measured all;
  private final AtomicInteger next = new AtomicInteger();
  private final Map<String, Integer> errors = new ConcurrentHashMap<>();
  private volatile boolean stopped;
  private volatile long start;
  private volatile long end;

  BenchRun(
      Caller caller, List<Target> targets, int requests, int concurrency, BenchProgress progress) {
    this.caller = caller;
    this.targets = List.copyOf(targets);
    this.requests = requests;
    this.concurrency = concurrency;
    this.progress = progress;
    int each = requests / targets.size() + 1;
    this.measured = targets.stream().map(_ -> new Measured(each)).toList();
    this.all = new Measured(requests);
  }

  /** Runs all calls, or those that began before {@link #stop}. */
  void run() {
    start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(concurrency, requests); i++) {
      threads.add(Threads.platform("longhaul-bench-" + i, this::callAll));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
    }
    end = System.nanoTime();
  }

  /** Lets no further call begin. */
  void stop() {
    stopped = true;
  }

  private void callAll() {
    int number = next.getAndIncrement();
    while (number < requests && !stopped) {
      int which = number % targets.size();
      call(targets.get(which), number / targets.size(), measured.get(which));
      number = next.getAndIncrement();
    }
  }

  private void call(Target target, int number, Measured own) {
    long began = System.nanoTime();
    try {
      caller.call(target, number);
      long took = System.nanoTime() - began;
      own.success(took);
      all.success(took);
      progress.done(true);
    } catch (RuntimeException e) {
      own.failure();
      all.failure();
      remember(BenchServer.innermost(e));
      progress.done(false);
    }
  }

  private void remember(String message) {
    String line = message.lines().findFirst().orElse(message);
    String key =
        line.length() > MOST_OF_A_MESSAGE ? line.substring(0, MOST_OF_A_MESSAGE) + "…" : line;
    if (errors.containsKey(key) || errors.size() < MOST_MESSAGES) {
      errors.merge(key, 1, Integer::sum);
    }
  }

  /** What was measured so far: a row for each target, and one for all if there are several. */
  List<BenchRow> rows() {
    long until = end == 0 ? System.nanoTime() : end;
    double seconds = start == 0 ? 0 : (until - start) / 1e9;
    List<BenchRow> rows = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      rows.add(measured.get(i).row(targets.get(i).label(), concurrency, seconds));
    }
    if (targets.size() > 1) {
      rows.add(all.row("all", concurrency, seconds));
    }
    return rows;
  }

  /** Why calls failed, and how often; at most ten reasons. */
  Map<String, Integer> errors() {
    return Map.copyOf(errors);
  }
}
