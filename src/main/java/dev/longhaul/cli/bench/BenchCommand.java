package dev.longhaul.cli.bench;

import dev.longhaul.cli.Arguments;
import dev.longhaul.cli.Command;
import dev.longhaul.cli.CommandContext;
import dev.longhaul.cli.CommandFailedException;
import dev.longhaul.cli.Terminal;
import dev.longhaul.cli.UsageException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** {@code bench}: measures a user's own tools, resources and prompts on a running server. */
public final class BenchCommand implements Command {
  private static final int REFUSED = 2;
  private static final String TOKEN = "LONGHAUL_BENCH_TOKEN";

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "how fast are your tools, resources and prompts? Calls a running server and measures";
  }

  @Override
  public String usage() {
    return """
    Usage: java -jar longhaul.jar bench --tool NAME [--arguments FILE] [option …]
           java -jar longhaul.jar bench --resource URI | --prompt NAME [--arguments FILE] [option …]
           java -jar longhaul.jar bench --mixed [--arguments FILE] [option …]

    Calls a running server over MCP, and prints how long calls took. It asks before it calls a tool that is
    not marked readOnly.

      --arguments FILE   JSON: the arguments of each call, or a list of them to use in turn; with --mixed an
                         object with the arguments of tools and prompts by their names; - for standard input
      --mixed            calls in turn all that the server lists and that needs no arguments or has some in FILE
      --throughput       1, 2, 4, … calls at once, up to --concurrency: how many a second are possible
      --queued           as jobs over REST: from the submission until the result is read
      --no-cache         tools run even if a result of theirs is cached
      --requests N       how many calls are measured (100; --mixed 1000; --throughput 200 in each step)
      --concurrency N    how many at once (8; --throughput up to 32)
      --warmup N         how many are made before and not measured (10)
      --timeout SECONDS  how long one call may take (300)
      --url URL          the MCP endpoint (that of a server with these settings on this machine)
      --token TOKEN      an access token or API key as Authorization: Bearer; better in the environment as
                         LONGHAUL_BENCH_TOKEN, because other users of the machine see a command line
      --api-key KEY      an API key as X-API-Key
      --json FILE        writes the result as JSON too; - for standard output, then the table goes to
                         standard error
      --yes              does not ask

    Exit code: 0 when every call succeeded, 1 when one failed or the server cannot be reached, 2 for wrong
    arguments or when a tool that is not readOnly was not allowed. Ctrl-C prints what there is so far.
    """;
  }

  @Override
  public int run(CommandContext context) {
    Arguments given = BenchOptions.arguments(context);
    BenchOptions options = BenchOptions.of(given);
    Credentials credentials =
        new Credentials(
            given.value("--token").orElse(System.getenv(TOKEN)),
            given.value("--api-key").orElse(null));
    Addresses addresses;
    try (var application = context.open(NoBeans.class)) {
      addresses = Addresses.of(options.url(), application.getEnvironment());
    }
    try (BenchServer server =
            BenchServer.connect(
                addresses.mcp(), credentials, options.timeout(), options.noCache());
        QueuedCalls jobs =
            new QueuedCalls(addresses.jobs(), credentials, options.timeout(), options.noCache())) {
      Selection selection = select(options, server);
      Optional<List<Target>> allowed = allowed(selection, options, context.terminal());
      if (allowed.isEmpty()) {
        return REFUSED;
      }
      Caller caller = options.queued() ? jobs : server;
      List<Target> targets =
          options.calls().isPresent()
              ? allowed.get()
              : answering(allowed.get(), caller, context.terminal());
      Benchmark benchmark =
          new Benchmark(
              options,
              caller,
              targets,
              server.description(),
              addresses.mcp().toString(),
              context.terminal());
      return benchmark.run().hasFailures() ? 1 : 0;
    }
  }

  private static Selection select(BenchOptions options, BenchServer server) {
    return options
        .calls()
        .map(named ->
            Selection.of(named, ArgumentsFile.forOne(options.arguments(), System.in), server))
        .orElseGet(
            () -> Selection.mixed(ArgumentsFile.byName(options.arguments(), System.in), server));
  }

  /**
   * Those of a mix that answer a first call. What a schema does not say, such as that one of two
   * arguments is needed, only the call shows.
   */
  private static List<Target> answering(List<Target> targets, Caller caller, Terminal terminal) {
    List<Target> answering = new ArrayList<>();
    for (Target target : targets) {
      try {
        caller.call(target, 0);
        answering.add(target);
      } catch (RuntimeException e) {
        terminal
            .err()
            .println(
                target.label()
                    + " is left out: "
                    + BenchServer.innermost(e).lines().findFirst().orElse(""));
      }
    }
    if (answering.isEmpty()) {
      throw new CommandFailedException(
          "Nothing that the server lists answers.",
          "Give arguments by name with --arguments FILE.");
    }
    return answering;
  }

  /** What may be called; empty when that is nothing. */
  private static Optional<List<Target>> allowed(
      Selection selection, BenchOptions options, Terminal terminal) {
    List<Target> targets = new ArrayList<>(selection.targets());
    if (!selection.asked().isEmpty()) {
      String names = String.join(", ", selection.asked().stream().map(Target::name).toList());
      String not = names + ": not marked readOnly, so calls may change something.";
      if (options.yes() || terminal.confirm(not + " Make up to " + options.total() + " calls?")) {
        targets.addAll(selection.asked());
      } else if (targets.isEmpty()) {
        terminal
            .err()
            .println(
                terminal.interactive()
                    ? "Nothing was called."
                    : not + " There is no terminal to ask; --yes allows it. Nothing was called.");
        return Optional.empty();
      } else {
        terminal.err().println(not + " Left out; --yes takes them along.");
      }
    }
    if (targets.isEmpty()) {
      throw new CommandFailedException(
          "The server lists nothing that can be called without arguments.",
          "Give arguments by name with --arguments FILE.");
    }
    return Optional.of(targets);
  }

  /**
   * Where the server is.
   *
   * @param mcp the MCP endpoint
   * @param jobs the jobs of the REST API
   */
  private record Addresses(URI mcp, URI jobs) {
    static Addresses of(Optional<String> url, Environment settings) {
      String path = settings.getProperty("longhaul.mcp.path", "/mcp");
      URI mcp = url.map(Addresses::parse).orElseGet(() -> here(settings));
      if (mcp.getRawPath().isEmpty() || mcp.getRawPath().equals("/")) {
        mcp = mcp.resolve(path);
      }
      return new Addresses(
          mcp, mcp.resolve(settings.getProperty("longhaul.rest.path", "/api/v1") + "/jobs"));
    }

    private static URI here(Environment settings) {
      String address = settings.getProperty("server.address", "127.0.0.1");
      String host = address.equals("0.0.0.0") || address.equals("::") ? "127.0.0.1" : address;
      return URI.create(
          "http://"
              + (host.contains(":") ? "[" + host + "]" : host)
              + ":"
              + settings.getProperty("server.port", "8080"));
    }

    private static URI parse(String url) {
      try {
        URI parsed = URI.create(url);
        if (parsed.getHost() != null && List.of("http", "https").contains(parsed.getScheme())) {
          return parsed;
        }
      } catch (IllegalArgumentException noUrl) {
        // said below
      }
      throw new UsageException("--url must be like http://localhost:8080/mcp, not " + url + ".");
    }
  }

  /** Only the settings are needed. */
  private static final class NoBeans {}
}
