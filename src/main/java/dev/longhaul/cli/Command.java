package dev.longhaul.cli;

/**
 * A command of the runnable jar. {@code LonghaulApplication} lists them. A command starts no server
 * and no worker.
 */
public interface Command {
  /** The word that selects it. */
  String name();

  /** What it does, in one line for the list of commands. */
  String summary();

  /** Its options, for {@code COMMAND --help}; several lines. */
  String usage();

  /**
   * Runs the command.
   *
   * @return the exit code: 0 when all is well, 1 when what was asked for failed
   * @throws UsageException when the arguments make no sense (exit code 2)
   * @throws CommandFailedException when it could not be done, with what the user can do (exit code
   *     1)
   */
  int run(CommandContext context);
}
