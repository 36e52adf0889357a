package dev.longhaul.cli.stdio;

import dev.longhaul.cli.Arguments;
import dev.longhaul.cli.Command;
import dev.longhaul.cli.CommandContext;
import dev.longhaul.cli.CommandFailedException;
import dev.longhaul.cli.UsageException;
import dev.longhaul.relay.Address;
import dev.longhaul.relay.Build;
import dev.longhaul.relay.JarLaunch;
import dev.longhaul.relay.LocalServer;
import dev.longhaul.relay.Relay;
import dev.longhaul.relay.Server;
import dev.longhaul.relay.UnreachableException;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code stdio}: MCP on standard input and output. It loads nothing of Spring, because a client
 * waits for its start.
 */
public final class StdioCommand implements Command {
  private static final String URL = "--url";
  private static final String KEY_FILE = "--key-file";
  private static final String DATA_DIRECTORY = "--data-directory";
  private static final String KEY_VARIABLE = "LONGHAUL_STDIO_KEY";
  private static final int FAILED = 1;

  private final InputStream in;
  private final List<String> program;

  /**
   * @param in the messages of the client
   * @param program the command that starts a server, without settings
   */
  public StdioCommand(InputStream in, List<String> program) {
    this.in = in;
    this.program = List.copyOf(program);
  }

  @Override
  public String name() {
    return "stdio";
  }

  @Override
  public String summary() {
    return "MCP on standard input and output, for clients that only start commands";
  }

  @Override
  public String usage() {
    return """
    Usage: java -jar longhaul.jar stdio [--data-directory DIR] [--setting=value …]
           java -jar longhaul.jar stdio --url URL [--key-file FILE]

    MCP on standard input and output, relayed to a Longhaul: to the one at --url, or to the one of a data
    directory on this machine. That is started if it does not run, is shared by all who use the directory, and
    goes on when its clients have ended. Only messages are written to standard output.

      --data-directory DIR  where the server that is started here keeps its data, its log (longhaul.log), its
                            address and its key (~/.longhaul). An application.yml there has its settings, as
                            have the arguments --setting=value and the environment
      --url URL             the MCP endpoint of a running Longhaul, such as http://localhost:8080/mcp
      --key-file FILE       its API key or access token, in the first line; or in LONGHAUL_STDIO_KEY

    Exit code: 0 at the end of the input, 1 when it cannot begin, 2 for wrong arguments.
    """;
  }

  @Override
  public int run(CommandContext context) {
    Arguments given = context.arguments(Set.of(), Set.of(URL, KEY_FILE, DATA_DIRECTORY));
    if (!given.words().isEmpty()) {
      throw new UsageException("stdio takes only options, not " + given.words().getFirst() + ".");
    }
    Consumer<String> log = line -> context.terminal().err().println("longhaul stdio: " + line);
    Relay relay = new Relay(server(given, context, log), in, context.terminal().out(), log);
    Threads.atExit("longhaul-relay-exit", () -> end(relay));
    try {
      relay.run();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private static void end(Relay relay) {
    try {
      relay.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Server server(Arguments given, CommandContext context, Consumer<String> log) {
    String url = given.value(URL).orElse(null);
    if (url == null) {
      if (given.has(KEY_FILE)) {
        throw new UsageException(KEY_FILE + " is for a server at --url.");
      }
      return local(given, context, log);
    }
    if (given.has(DATA_DIRECTORY) || !context.settings().isEmpty()) {
      throw new UsageException(
          DATA_DIRECTORY + " and settings are for a server that is started here, not for --url.");
    }
    try {
      return new Server.Given(new Address(URI.create(url), key(given)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(URL + ": " + e.getMessage());
    }
  }

  private Server local(Arguments given, CommandContext context, Consumer<String> log) {
    Path directory =
        given
            .value(DATA_DIRECTORY)
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".longhaul"));
    try {
      LocalServer server =
          new LocalServer(
              directory.toAbsolutePath(),
              new JarLaunch(program, context.settings()),
              Build.name(),
              log);
      var _ =
          Threads.loop(
              "longhaul-relay-start", () -> start(server)); // while the client says who it is
      return server;
    } catch (UnreachableException e) {
      throw new CommandFailedException(
          String.valueOf(e.getMessage()), "Name another one with " + DATA_DIRECTORY + ".");
    }
  }

  private static void start(LocalServer server) {
    try {
      var _ = server.address();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UnreachableException e) {
      // The first request tries again, and says so.
    }
  }

  private static @Nullable String key(Arguments given) {
    String file = given.value(KEY_FILE).orElse(null);
    if (file == null) {
      return System.getenv(KEY_VARIABLE);
    }
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .findFirst()
          .orElseThrow(() -> new CommandFailedException("There is no key in " + file + ".", ""));
    } catch (IOException e) {
      throw new CommandFailedException("The key file " + file + " cannot be read: " + e, "");
    }
  }
}
