package dev.longhaul.queue.redis.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of the server, which runs in its own session and creates files readable by its
 * user only. Each command replaces itself with exec, so that the started process is the server's.
 */
final class ServerCommand {
  private static final String PERL_SETSID = "use POSIX (); POSIX::setsid(); exec @ARGV or exit 127";
  private static final String PRIVATE_FILES = "umask 077; exec \"$0\" \"$@\"";

  private static final String DIRECTORY = "--dir";

  private ServerCommand() {}

  /** Whether a process was started by {@link #of} on that directory. */
  static boolean uses(ProcessHandle process, Path directory) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    int option = arguments.lastIndexOf(DIRECTORY);
    return option >= 0
        && option + 1 < arguments.size()
        && arguments.get(option + 1).equals(directory.toString());
  }

  /**
   * Runs {@code program} on the data in {@code directory}; it reads its other settings from
   * standard input. By the directory in its command line a later Longhaul finds it.
   */
  static List<String> of(Path program, Path directory) {
    var command = new ArrayList<>(ownSession());
    if (isExecutable("/bin/sh")) {
      command.addAll(List.of("/bin/sh", "-c", PRIVATE_FILES));
    }
    command.addAll(List.of(program.toString(), DIRECTORY, directory.toString(), "-"));
    return command;
  }

  /**
   * Ctrl-C in a terminal signals the whole foreground process group, which would stop Redis while
   * Longhaul still drains. Without setsid(1) or perl (for macOS) the server stays in that group.
   */
  private static List<String> ownSession() {
    if (isExecutable("/usr/bin/setsid")) {
      return List.of("/usr/bin/setsid");
    }
    if (isExecutable("/bin/setsid")) {
      return List.of("/bin/setsid");
    }
    if (isExecutable("/usr/bin/perl")) {
      return List.of("/usr/bin/perl", "-e", PERL_SETSID);
    }
    return List.of();
  }

  private static boolean isExecutable(String path) {
    return Files.isExecutable(Path.of(path));
  }
}
