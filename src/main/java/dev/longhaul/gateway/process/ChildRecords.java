package dev.longhaul.gateway.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes which processes run, so that those of a process that was killed are found and ended. A note
 * is a file with five lines: the pid of the child, its start, whether it leads a session, and the
 * pid and the start of this process, which it belongs to.
 */
final class ChildRecords {
  private static final Logger log = LoggerFactory.getLogger(ChildRecords.class);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final String SUFFIX = ".child";
  private static final ProcessId SELF = ProcessId.of(ProcessHandle.current());

  private final @Nullable Path directory;

  ChildRecords(@Nullable Path directory) {
    this.directory = directory;
  }

  void add(ProcessId child, boolean ownSession) {
    Path in = directory;
    if (in == null) {
      return;
    }
    try {
      Files.createDirectories(in);
      Path whole = in.resolve(child.pid() + SUFFIX);
      Path part = in.resolve(child.pid() + ".part");
      Files.write(
          part,
          List.of(
              Long.toString(child.pid()),
              child.started(),
              Boolean.toString(ownSession),
              Long.toString(SELF.pid()),
              SELF.started()));
      // Another process may read it at any time.
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.warn(
          "Process {} is not noted in {}, so if this process is killed it may be left running: {}",
          child.pid(),
          in,
          e.toString());
    }
  }

  void remove(ProcessId child) {
    if (directory != null) {
      delete(directory.resolve(child.pid() + SUFFIX));
    }
  }

  /** Ends the processes of those that have ended without ending them. */
  void endLeft() {
    if (directory == null || !Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path note : notes) {
        endLeft(note);
      }
    } catch (IOException e) {
      log.warn("The notes of processes in {} cannot be read: {}", directory, e.toString());
    }
  }

  private static void endLeft(Path note) {
    try {
      List<String> lines = Files.readAllLines(note);
      ProcessId child = new ProcessId(Long.parseLong(lines.get(0)), lines.get(1));
      ProcessId owner = new ProcessId(Long.parseLong(lines.get(3)), lines.get(4));
      if (owner.process().isPresent()) {
        return;
      }
      if (!child.beforeBoot()) {
        end(new ProcessGroup(child, Boolean.parseBoolean(lines.get(2))));
      }
      delete(note);
    } catch (IOException | RuntimeException e) {
      log.warn("The note {} of a process cannot be read: {}", note, e.toString());
      delete(note);
    }
  }

  private static void end(ProcessGroup group) {
    var left = group.alive();
    if (!left.isEmpty()) {
      log.info("Ending {}, which a killed process has left", left);
      group.end(GRACE);
    }
  }

  private static void delete(Path note) {
    try {
      Files.deleteIfExists(note);
    } catch (IOException e) {
      log.debug("The note {} cannot be deleted", note, e);
    }
  }
}
