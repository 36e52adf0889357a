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

/** Kills a process together with all processes that it has started. */
final class ProcessTree {
  private static final Logger log = LoggerFactory.getLogger(ProcessTree.class);
  private static final Path PROC = Path.of("/proc");
  // Together some seconds, because a large process needs time to end.
  private static final int ROUNDS = 1_000;
  private static final long BETWEEN_ROUNDS_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  // Fields of /proc/<pid>/stat after the name in parentheses: state, ppid, pgrp, session.
  private static final int STATE = 0;
  private static final int SESSION = 3;

  private final Process root;
  private final boolean ownSession;
  private final Set<ProcessHandle> seen = new HashSet<>();

  /**
   * Creates the tree of a process.
   *
   * @param ownSession whether the process leads a session, whose members Linux can list
   */
  ProcessTree(Process root, boolean ownSession) {
    this.root = root;
    this.ownSession = ownSession;
  }

  /**
   * Kills all processes. A process may start another one before it is killed, so this repeats until
   * none is left.
   */
  synchronized void kill() {
    // Cleared and restored later: a pending interrupt would prevent the waits, and the kill must be
    // completed.
    boolean interrupted = Thread.interrupted();
    boolean ended = false;
    for (int round = 0; round < ROUNDS && !ended; round++) {
      if (round > 0) {
        LockSupport.parkNanos(BETWEEN_ROUNDS_NANOS);
      }
      ended = killOnce();
    }
    if (!ended) {
      log.debug("Process {} was killed but has not ended yet", root.pid());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills all processes once; true if none was left. */
  private boolean killOnce() {
    Set<ProcessHandle> alive = new HashSet<>();
    root.descendants().forEach(alive::add);
    seen.forEach(known -> known.descendants().forEach(alive::add));
    alive.addAll(session());
    seen.addAll(alive);
    alive.forEach(ProcessTree::destroy);
    // The root is killed last: while it exists its process id, which is also the session's id,
    // cannot be reused.
    boolean rootAlive = root.isAlive();
    if (rootAlive) {
      root.destroyForcibly();
    }
    return !rootAlive && alive.isEmpty();
  }

  private static void destroy(ProcessHandle process) {
    process.destroyForcibly();
  }

  /**
   * The members of the session, including those that are not descendants, and also after the root
   * has ended.
   */
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
      log.debug("Cannot list the processes of session {}", session, e);
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
      // It has ended, or may not be read.
      return false;
    }
  }
}
