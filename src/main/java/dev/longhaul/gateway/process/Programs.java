package dev.longhaul.gateway.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds programs, and puts a command into a session of its own where the system can. */
final class Programs {
  private static final String NO_PATH = "/usr/local/bin:/usr/bin:/bin";
  private static final long TRIAL_SECONDS = 5;
  private static final boolean LINUX =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");

  // Of util-linux; all replace themselves with the command, so they add no process.
  private static final Optional<Path> SETSID = own("setsid");
  private static final Optional<Path> PRLIMIT = own("prlimit");
  private static final Optional<Path> SETPRIV = own("setpriv").filter(Programs::signals);

  private Programs() {}

  private static Optional<Path> own(String name) {
    return LINUX ? onPath(name, System.getenv("PATH")) : Optional.empty();
  }

  /** Whether this is util-linux's and not one without that option, such as busybox's. */
  private static boolean signals(Path setpriv) {
    try {
      Process tried =
          new ProcessBuilder(setpriv.toString(), "--pdeathsig", "TERM", "--", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = tried.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
      var _ = tried.destroyForcibly();
      return ended && tried.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether the memory of a command can be limited. */
  static boolean limitsMemory() {
    return PRLIMIT.isPresent();
  }

  /** Whether a command gets a session, and with it a process group, of its own. */
  static boolean ownSession() {
    return SETSID.isPresent();
  }

  /**
   * The words that start a command.
   *
   * @param program the path of the program
   * @param maxMemory how many bytes each process may have; 0 for no limit
   */
  static List<String> words(Path program, List<String> arguments, long maxMemory) {
    List<String> words = new ArrayList<>();
    SETSID.ifPresent(path -> words.add(path.toString()));
    // TERM and not KILL, because a launcher such as npx passes TERM on to the actual server.
    SETPRIV.ifPresent(path -> words.addAll(List.of(path.toString(), "--pdeathsig", "TERM", "--")));
    if (maxMemory > 0) {
      // Not the address space, of which runtimes such as Node.js reserve far more than they use.
      PRLIMIT.ifPresent(
          path -> words.addAll(List.of(path.toString(), "--data=" + maxMemory, "--")));
    }
    words.add(program.toString());
    words.addAll(arguments);
    return words;
  }

  /**
   * The program that a command means: a path, relative to the working directory, or a name.
   *
   * @param path the directories to search, by the system's PATH format; null for the usual ones
   */
  static Optional<Path> find(String command, @Nullable Path directory, @Nullable String path) {
    if (command.indexOf(File.separatorChar) < 0) {
      return onPath(command, path);
    }
    Path named = directory == null ? Path.of(command) : directory.resolve(command);
    return Files.isRegularFile(named) ? Optional.of(named.toAbsolutePath()) : Optional.empty();
  }

  private static Optional<Path> onPath(String name, @Nullable String path) {
    for (String directory : (path == null ? NO_PATH : path).split(File.pathSeparator, -1)) {
      Optional<Path> found = in(directory, name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> in(String directory, String name) {
    try {
      Path candidate = Path.of(directory).resolve(name).toAbsolutePath();
      return Files.isRegularFile(candidate) && Files.isExecutable(candidate)
          ? Optional.of(candidate)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty(); // no directory
    }
  }
}
