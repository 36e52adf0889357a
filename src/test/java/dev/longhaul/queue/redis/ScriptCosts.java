package dev.longhaul.queue.redis;

import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.testing.RedisServer;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prints what the scripts cost in Redis: commands, microseconds within scripts and CPU of Redis for
 * each job, and the bytes of a queued one. {@code make script-costs} runs it on a Redis of its own.
 */
public final class ScriptCosts {
  private static final int JOBS = Integer.getInteger("jobs", 50_000);
  private static final int SLOTS = 50;
  private static final Pattern COMMAND =
      Pattern.compile("cmdstat_([^:]+):calls=(\\d+),usec=(\\d+)");
  private static final Outcome ANSWER = new Outcome.Answered("{}", false);
  private static final JobRequest JOB =
      Requests.of("{\"name\":\"noop\",\"arguments\":{\"data\":\"%s\"}}".formatted("x".repeat(162)));

  private final RedisQueueFixture redis;
  private final PrintStream out;

  private ScriptCosts(RedisQueueFixture redis, PrintStream out) {
    this.redis = redis;
    this.out = out;
  }

  /** Measures with both settings of hash-max-listpack-value. */
  public static void main(String[] args) {
    for (String listpack : List.of("512", "64")) {
      try (var server =
          RedisServer.start(
              RedisServer.installed(),
              "save \"\"",
              "appendonly no",
              "hash-max-listpack-value " + listpack)) {
        var redis = new RedisQueueFixture("costs", server.url());
        redis.open();
        try {
          System.out.println("hash-max-listpack-value " + listpack);
          new ScriptCosts(redis, System.out).measure();
        } finally {
          redis.close();
        }
      }
    }
  }

  private void measure() {
    JobQueue jobs = redis.jobs(10_000_000);
    WorkQueue work = redis.work();
    List<JobRequest> bulk = Collections.nCopies(1000, JOB);
    jobs.enqueue(bulk);
    process(work, 1000);
    for (int i = 0; i < 2; i++) {
      cost(
          "single enqueue",
          JOBS / 5,
          () -> {
            for (int n = 0; n < JOBS / 5; n++) {
              jobs.enqueue(List.of(JOB));
            }
          });
      process(work, JOBS / 5);
      long before = bytes();
      cost(
          "bulk enqueue",
          JOBS,
          () -> {
            for (int n = 0; n < JOBS; n += bulk.size()) {
              jobs.enqueue(bulk);
            }
          });
      out.printf(
          Locale.ROOT, "  bytes of a queued job  %d%n", (bytes() - before) / Math.max(1, JOBS));
      cost("process, 50 a step", JOBS, () -> process(work, JOBS));
      jobs.enqueue(bulk);
      cost("process, 1 a step", bulk.size(), () -> process(work, bulk.size(), 1));
    }
    for (int callers : List.of(100, 10_000)) {
      List<JobRequest> theirs = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        theirs.add(Requests.of(JOB.params(), "caller-" + i));
      }
      cost(
          "enqueue, " + callers + " callers",
          JOBS,
          () -> {
            for (int n = 0; n < JOBS; n += 100) {
              int from = n % callers;
              jobs.enqueue(theirs.subList(from, from + 100));
            }
          });
      cost("process, " + callers + " callers", JOBS, () -> process(work, JOBS));
    }
  }

  private static void process(WorkQueue work, int count) {
    process(work, count, SLOTS);
  }

  private static void process(WorkQueue work, int count, int slots) {
    List<Completion> ended = new ArrayList<>();
    int done = 0;
    while (done < count) {
      StepAnswer answer = work.step(List.copyOf(ended), List.of("default"), slots).join();
      if (answer.accepted().contains(false)) {
        throw new IllegalStateException("an outcome was not accepted");
      }
      done += ended.size();
      ended.clear();
      List<Claim> unsure =
          answer.claims().stream().filter(claim -> !claim.retry().repeatable()).toList();
      if (!unsure.isEmpty()) {
        work.start(unsure).join();
      }
      answer
          .claims()
          .forEach(claim -> ended.add(new Completion.Finished(claim.id(), claim.token(), ANSWER)));
    }
  }

  private void cost(String what, int count, Runnable action) {
    RedisCommands<String, String> commands = redis.commands();
    commands.configResetstat();
    double before = cpu();
    action.run();
    double cpu = cpu() - before;
    long calls = 0;
    long scripts = 0;
    Matcher found = COMMAND.matcher(commands.info("commandstats"));
    StringBuilder each = new StringBuilder();
    while (found.find()) {
      String name = found.group(1);
      if (name.startsWith("eval")) {
        scripts += Long.parseLong(found.group(3));
      } else if (!name.matches("info|config.*|ping|hello|client.*|publish|script.*")) {
        calls += Long.parseLong(found.group(2));
        double share = Double.parseDouble(found.group(2)) / count;
        if (share > 0.05) {
          each.append(String.format(Locale.ROOT, " %s %.2f", name, share));
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "  %-22s commands %6.2f   in scripts %6.2f us   CPU %6.2f us  %s%n",
        what,
        (double) calls / count,
        (double) scripts / count,
        cpu * 1e6 / count,
        each);
  }

  private double cpu() {
    return number("cpu", "used_cpu_user_main_thread:([0-9.]+)")
        + number("cpu", "used_cpu_sys_main_thread:([0-9.]+)");
  }

  private long bytes() {
    return (long) number("memory", "used_memory:([0-9]+)");
  }

  private double number(String section, String pattern) {
    @Nullable String text = redis.commands().info(section);
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("no " + pattern);
    }
    return Double.parseDouble(found.group(1));
  }
}
