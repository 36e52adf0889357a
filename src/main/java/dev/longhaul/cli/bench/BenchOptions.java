package dev.longhaul.cli.bench;

import dev.longhaul.cli.Arguments;
import dev.longhaul.cli.CommandContext;
import dev.longhaul.cli.UsageException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is to be measured, and how.
 *
 * @param calls what is called; empty for a mix of all that the server lists
 * @param arguments the file with arguments; {@code -} for standard input
 * @param throughput whether the number of calls at once grows until {@code concurrency}
 * @param concurrency how many calls are made at once
 * @param warmup how many calls are made before and not measured
 * @param timeout how long one call may take
 * @param queued whether calls are made as jobs, over REST
 * @param json the file for the result as JSON; {@code -} for standard output
 */
record BenchOptions(
    Optional<Named> calls,
    Optional<String> arguments,
    boolean throughput,
    int requests,
    int concurrency,
    int warmup,
    Duration timeout,
    boolean queued,
    boolean noCache,
    boolean yes,
    Optional<String> url,
    Optional<String> json) {
  private static final int MOST_REQUESTS = 1_000_000;
  private static final int MOST_AT_ONCE = 1_000;
  private static final int MIXED = 1_000;
  private static final int EACH_STEP = 200;
  private static final int OTHERWISE = 100;
  private static final int MOST_SECONDS = 86_400;
  private static final int PATIENCE = 300;
  private static final Set<String> FLAGS =
      Set.of("--mixed", "--throughput", "--queued", "--no-cache", "--yes");
  private static final Set<String> VALUED =
      Set.of(
          "--tool",
          "--resource",
          "--prompt",
          "--arguments",
          "--requests",
          "--concurrency",
          "--warmup",
          "--timeout",
          "--url",
          "--token",
          "--api-key",
          "--json");

  /** The one thing that is called. */
  record Named(Target.Kind kind, String name) {}

  /** The arguments of the command. */
  static Arguments arguments(CommandContext context) {
    return context.arguments(FLAGS, VALUED);
  }

  /**
   * Reads them.
   *
   * @throws UsageException when they contradict each other
   */
  static BenchOptions of(Arguments given) {
    if (!given.words().isEmpty()) {
      throw new UsageException("What is " + given.words().getFirst() + "?");
    }
    var named =
        Stream.of(
                named(given, "--tool", Target.Kind.TOOL),
                named(given, "--resource", Target.Kind.RESOURCE),
                named(given, "--prompt", Target.Kind.PROMPT))
            .flatMap(Optional::stream)
            .toList();
    boolean mixed = given.has("--mixed");
    boolean throughput = given.has("--throughput");
    if (named.size() + (mixed ? 1 : 0) != 1) {
      throw new UsageException("Give one of --tool, --resource, --prompt and --mixed.");
    }
    if (mixed && throughput) {
      throw new UsageException("--throughput needs one tool, resource or prompt.");
    }
    return new BenchOptions(
        named.stream().findFirst(),
        given.value("--arguments"),
        throughput,
        given.number(
            "--requests", mixed ? MIXED : throughput ? EACH_STEP : OTHERWISE, 1, MOST_REQUESTS),
        given.number("--concurrency", throughput ? 32 : 8, 1, MOST_AT_ONCE),
        given.number("--warmup", 10, 0, MOST_REQUESTS),
        Duration.ofSeconds(given.number("--timeout", PATIENCE, 1, MOST_SECONDS)),
        given.has("--queued"),
        given.has("--no-cache"),
        given.has("--yes"),
        given.value("--url"),
        given.value("--json"));
  }

  private static Optional<Named> named(Arguments given, String option, Target.Kind kind) {
    return given.value(option).map(name -> new Named(kind, name));
  }

  /** How many calls will be made in all, warm-up included. */
  long total() {
    long steps = 1;
    for (int at = 1; throughput && at < concurrency; at = Math.min(at * 2, concurrency)) {
      steps++;
    }
    return warmup + steps * requests;
  }
}
