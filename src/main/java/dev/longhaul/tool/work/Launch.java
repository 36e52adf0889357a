package dev.longhaul.tool.work;

import dev.longhaul.tool.work.SubprocessException.Reason;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command that is started for a {@link Subprocess}: the program, started through {@code setsid}
 * and {@code prlimit} if they are installed. Both replace themselves with the program, so they add
 * no process.
 *
 * @param words the command
 * @param ownSession whether it leads a new session
 * @param memoryLimited whether {@code prlimit} limits its memory
 */
record Launch(List<String> words, boolean ownSession, boolean memoryLimited) {
  private static final Logger log = LoggerFactory.getLogger(Launch.class);
  private static final boolean LINUX =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");
  private static final String NO_PATH = "/usr/local/bin:/usr/bin:/bin";

  static Launch of(Subprocess asked, String program) {
    // Checked before other commands are prepended, so that the error names the missing program.
    String first = found(asked.command().getFirst()).orElseThrow(() -> missing(program));
    List<String> words = new ArrayList<>();
    Optional<String> setsid = LINUX ? found("setsid") : Optional.empty();
    setsid.ifPresent(words::add);
    boolean limited = false;
    if (asked.maxMemory() > 0) {
      Optional<String> prlimit = LINUX ? found("prlimit") : Optional.empty();
      limited = prlimit.isPresent();
      prlimit.ifPresentOrElse(
          path -> words.addAll(List.of(path, "--as=" + asked.maxMemory(), "--")),
          () ->
              log.warn(
                  "{} runs without its memory limit, because prlimit is not installed; install util-linux",
                  program));
    }
    words.add(first);
    words.addAll(asked.command().subList(1, asked.command().size()));
    return new Launch(List.copyOf(words), setsid.isPresent(), limited);
  }

  // Absolute, because the program may run without PATH and in another directory.
  private static Optional<String> found(String name) {
    try {
      if (name.indexOf(File.separatorChar) >= 0) {
        return runnable(Path.of(name));
      }
      String path = System.getenv("PATH");
      for (String directory : (path == null ? NO_PATH : path).split(File.pathSeparator, -1)) {
        Optional<String> found = runnable(Path.of(directory).resolve(name));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> runnable(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path)
        ? Optional.of(path.toAbsolutePath().toString())
        : Optional.empty();
  }

  private static SubprocessException missing(String program) {
    return new SubprocessException(
        Reason.NOT_STARTED,
        "There is no program "
            + program
            + " that this process may run. Install it where the worker runs, on its PATH, or give"
            + " its full path.",
        -1,
        "");
  }
}
