package dev.longhaul.cli.bench;

import dev.longhaul.cli.CommandFailedException;
import dev.longhaul.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.SpringApplication;
import tools.jackson.databind.json.JsonMapper;

/** The runs of one benchmark, and its result, also of one that Ctrl-C ends. */
final class Benchmark {
  /** Of progress, in each run, where there is no terminal. */
  private static final int LINES = 10;

  private final BenchOptions options;
  private final Caller caller;
  private final List<Target> targets;
  private final String server;
  private final String url;
  private final Terminal terminal;
  private final List<BenchRun> runs = new CopyOnWriteArrayList<>();
  private final AtomicBoolean written = new AtomicBoolean();

  Benchmark(
      BenchOptions options,
      Caller caller,
      List<Target> targets,
      String server,
      String url,
      Terminal terminal) {
    this.options = options;
    this.caller = caller;
    this.targets = targets;
    this.server = server;
    this.url = url;
    this.terminal = terminal;
  }

  /** Makes all calls, and writes the result. */
  BenchReport run() {
    Runnable early = this::writeEarly;
    SpringApplication.getShutdownHandlers().add(early);
    try {
      if (options.warmup() > 0) {
        newRun("warm-up", options.warmup(), options.concurrency(), 1).run();
      }
      for (int atOnce : steps()) {
        runs.add(newRun(atOnce + " at once", options.requests(), atOnce, LINES));
        runs.getLast().run();
      }
      BenchReport report = report(false);
      if (written.compareAndSet(false, true)) {
        write(report);
      }
      return report;
    } finally {
      SpringApplication.getShutdownHandlers().remove(early);
    }
  }

  private BenchRun newRun(String what, int requests, int atOnce, int lines) {
    return new BenchRun(
        caller, targets, requests, atOnce, new BenchProgress(terminal, what, requests, lines));
  }

  private List<Integer> steps() {
    List<Integer> steps = new ArrayList<>();
    for (int at = 1; options.throughput() && at < options.concurrency(); at *= 2) {
      steps.add(at);
    }
    steps.add(options.concurrency());
    return steps;
  }

  /** When the JVM is told to stop. */
  private void writeEarly() {
    runs.forEach(BenchRun::stop);
    if (written.compareAndSet(false, true)) {
      terminal.err().println();
      write(report(true));
      terminal.out().flush();
    }
  }

  private BenchReport report(boolean interrupted) {
    Map<String, Integer> errors = new TreeMap<>();
    runs.forEach(
        run -> run.errors().forEach((why, count) -> errors.merge(why, count, Integer::sum)));
    return new BenchReport(
        server,
        url,
        options.queued() ? "jobs" : "calls",
        interrupted,
        runs.stream().flatMap(run -> run.rows().stream()).toList(),
        errors);
  }

  private void write(BenchReport report) {
    boolean onlyJson = options.json().filter("-"::equals).isPresent();
    report.print(onlyJson ? terminal.err() : terminal.out());
    options
        .json()
        .ifPresent(file -> {
          String json =
              JsonMapper.builder()
                  .build()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(report);
          if (onlyJson) {
            terminal.out().println(json);
          } else {
            save(file, json);
          }
        });
  }

  private static void save(String file, String json) {
    try {
      Files.writeString(Path.of(file), json + "\n");
    } catch (IOException e) {
      throw new CommandFailedException(
          file + " could not be written: " + e.getMessage(), "Name another with --json.");
    }
  }
}
