package dev.longhaul.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;

/** Runs the command that the first argument names. */
public final class Commands {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final List<String> HELP = List.of("help", "--help", "-h");

  private final List<Command> commands;
  private final Supplier<Properties> defaults;

  /**
   * @param defaults settings below every other source, as the server has them
   */
  public Commands(List<Command> commands, Supplier<Properties> defaults) {
    this.commands = List.copyOf(commands);
    this.defaults = defaults;
  }

  /**
   * Whether the arguments ask for a command, or for help, and not for the server. An empty one,
   * such as a variable that is not set, asks for nothing.
   */
  public static boolean isAskedFor(String... arguments) {
    return arguments.length > 0
        && !arguments[0].isBlank()
        && (!arguments[0].startsWith("-") || HELP.contains(arguments[0]));
  }

  /**
   * Runs it, and words what went wrong without a stack trace.
   *
   * @return the exit code: of the command, 1 when it failed, 2 when the arguments make no sense
   */
  public int run(String[] arguments, Terminal terminal) {
    String first = arguments[0];
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    if (HELP.contains(first)) {
      return help(rest, terminal);
    }
    for (Command command : commands) {
      if (command.name().equals(first)) {
        return run(command, rest, terminal);
      }
    }
    terminal.err().println("There is no command " + first + ".");
    terminal.err().print(usage());
    return MISUSED;
  }

  private int run(Command command, List<String> rest, Terminal terminal) {
    if (rest.contains("--help") || rest.contains("-h")) {
      terminal.out().print(command.usage());
      return DONE;
    }
    try {
      return command.run(new CommandContext(rest, terminal, defaults));
    } catch (UsageException e) {
      terminal.err().println(e.getMessage());
      terminal.err().print(command.usage());
      return MISUSED;
    } catch (CommandFailedException e) {
      terminal.err().println(e.getMessage());
      if (!e.action().isEmpty()) {
        terminal.err().println(e.action());
      }
      return FAILED;
    }
  }

  private int help(List<String> rest, Terminal terminal) {
    for (Command command : commands) {
      if (rest.contains(command.name())) {
        terminal.out().print(command.usage());
        return DONE;
      }
    }
    terminal.out().print(usage());
    return DONE;
  }

  private String usage() {
    StringBuilder text = new StringBuilder(500);
    text.append("Usage: java -jar longhaul.jar [--setting=value …]           starts the server\n");
    text.append("       java -jar longhaul.jar COMMAND [--setting=value …]   runs a command\n\n");
    for (Command command : commands) {
      text.append(String.format("  %-9s %s%n", command.name(), command.summary()));
    }
    text.append(String.format("  %-9s %s%n", "help", "this text; help COMMAND for its options"));
    text.append(
        "\nA setting is one of the server's: its name has a dot (docs/configuration.md).\n");
    return text.toString();
  }
}
