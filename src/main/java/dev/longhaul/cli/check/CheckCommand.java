package dev.longhaul.cli.check;

import dev.longhaul.cli.Command;
import dev.longhaul.cli.CommandContext;
import dev.longhaul.ops.production.SettingsCheckConfiguration;
import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import dev.longhaul.production.ProductionReport;
import dev.longhaul.production.Verdict;
import dev.longhaul.queue.redis.production.RedisProductionConfiguration;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import tools.jackson.databind.json.JsonMapper;

/** {@code check}: whether these settings, this JVM and the Redis are fit for production. */
public final class CheckCommand implements Command {
  private static final String JSON = "--json";

  @Override
  public String name() {
    return "check";
  }

  @Override
  public String summary() {
    return "is this fit for production? Looks at the settings, this JVM, Redis and the workers";
  }

  @Override
  public String usage() {
    return """
    Usage: java -jar longhaul.jar check [--json] [--setting=value …]

    Looks at what a server with the same settings would use, and changes nothing. Run it where the
    server runs, with the server's environment, working directory and JVM options.

      --json   the findings as JSON

    Exit code: 0 when nothing fails (warnings do not count), 1 when something does, 2 for wrong arguments.
    """;
  }

  @Override
  public int run(CommandContext context) {
    boolean json = context.arguments(Set.of(JSON), Set.of()).has(JSON);
    try (var application =
        context.open(
            SslAutoConfiguration.class,
            DataRedisAutoConfiguration.class,
            RedisProductionConfiguration.class,
            SettingsCheckConfiguration.class,
            CheckedQueues.class)) {
      ProductionReport report =
          ProductionReport.of(
              application.getBeanProvider(ProductionCheck.class).orderedStream().toList());
      PrintStream out = context.terminal().out();
      if (json) {
        out.println(JsonMapper.builder().build().writeValueAsString(report));
      } else {
        print(report, out);
      }
      return report.verdict() == Verdict.FAIL ? 1 : 0;
    }
  }

  private static void print(ProductionReport report, PrintStream out) {
    int width =
        report.findings().stream().mapToInt(finding -> finding.check().length()).max().orElse(0);
    for (Finding finding : report.findings()) {
      out.printf(
          "%-4s  %-" + width + "s  %s%n", finding.verdict(), finding.check(), finding.observed());
      if (finding.remedy() != null) {
        out.printf("%" + (width + 8) + "s%s%n", "", "-> " + finding.remedy());
      }
    }
    out.printf(
        Locale.ROOT,
        "%d passed, %d to look at, %d failed%n",
        report.count(Verdict.PASS),
        report.count(Verdict.WARN),
        report.count(Verdict.FAIL));
  }
}
