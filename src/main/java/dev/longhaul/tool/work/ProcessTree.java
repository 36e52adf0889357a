package dev.longhaul.tool.work;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process and all that it began. */
final class ProcessTree {
  private static final Logger log = LoggerFactory.getLogger(ProcessTree.class);
  private static final Path PROC = Path.of("/proc");
  // Some seconds: a large process takes its time to go.
  private static final int ROUNDS = 1_000;
  private static final long BETWEEN_ROUNDS_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  // In /proc/<pid>/stat after the name in parentheses: state, ppid, pgrp, session.
  private static final int STATE = 0;
  private static final int SESSION = 3;

  private final Process root;
  private final boolean ownSession;
  private final Set<ProcessHandle> seen = new HashSet<>();

  /**
   * The tree of a process.
   *
   * @param ownSession whether the process leads a session, and Linux says who is in it
   */
  ProcessTree(Process root, boolean ownSession) {
    this.root = root;
    this.ownSession = ownSession;
  }

  /**
   * Kills all of it. Who is killed may have begun another meanwhile, so this looks until there is
   * nobody left.
   */
  synchronized void kill() {
    // Kept for whoever asked: this must be done, and a pending interrupt would keep it from
    // waiting.
    boolean interrupted = Thread.interrupted();
    boolean gone = false;
    for (int round = 0; round < ROUNDS && !gone; round++) {
      if (round > 0) {
        LockSupport.parkNanos(BETWEEN_ROUNDS_NANOS);
      }
      gone = killOnce();
    }
    if (!gone) {
      log.debug("Process {} was killed and is not gone yet", root.pid());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nobody was left. */
  private boolean killOnce() {
    Set<ProcessHandle> alive = new HashSet<>();
    root.descendants().forEach(alive::add);
    seen.forEach(known -> known.descendants().forEach(alive::add));
    alive.addAll(session());
    seen.addAll(alive);
    alive.forEach(ProcessTree::destroy);
    // Last: while it is there, nobody else can get its number, which is the session's.
    boolean rootAlive = root.isAlive();
    if (rootAlive) {
      root.destroyForcibly();
    }
    return !rootAlive && alive.isEmpty();
  }

  private static void destroy(ProcessHandle process) {
    process.destroyForcibly();
  }

  /** Those of the session, however far from the process; also when the process itself has ended. */
  private Set<ProcessHandle> session() {
    Set<ProcessHandle> members = new HashSet<>();
    if (!ownSession) {
      return members;
    }
    String session = Long.toString(root.pid());
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        String name = process.getFileName().toString();
        if (!name.equals(session) && isMember(process, session)) {
          Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(name));
          handle.ifPresent(members::add);
        }
      }
    } catch (IOException e) {
      log.debug("Cannot look for the processes of session {}", session, e);
    }
    return members;
  }

  private static boolean isMember(Path process, String session) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      // The name may have spaces and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", SESSION + 2);
      return fields[SESSION].equals(session) && !fields[STATE].equals("Z");
    } catch (IOException | IndexOutOfBoundsException e) {
      // Gone by now, or not ours to look at.
      return false;
    }
  }
}
