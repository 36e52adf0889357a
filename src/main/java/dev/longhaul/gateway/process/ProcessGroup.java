package dev.longhaul.gateway.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process with all that it has started: its session on Linux where it has one of its own, and its
 * descendants.
 */
final class ProcessGroup {
  private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);
  private static final Path PROC = Path.of("/proc");
  // Each look reads something of every process of the system.
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private final ProcessId leader;
  private final boolean ownSession;
  private final Set<ProcessHandle> seen = new HashSet<>();

  /**
   * @param ownSession whether the leader leads a session
   */
  ProcessGroup(ProcessId leader, boolean ownSession) {
    this.leader = leader;
    this.ownSession = ownSession;
  }

  /**
   * Notes the descendants, so that they are found when their parent has ended: all where there is
   * no session, else those that have left it.
   */
  synchronized void note() {
    Optional<ProcessHandle> root = leader.process();
    Set<ProcessHandle> parents = root.map(Set::of).orElseGet(() -> Set.copyOf(seen));
    seen.addAll(parents);
    parents.stream()
        .filter(ProcessGroup::runs)
        .flatMap(ProcessHandle::descendants)
        .forEach(seen::add);
  }

  /** Those that have not ended. */
  synchronized Set<ProcessHandle> alive() {
    Optional<ProcessHandle> root = leader.process();
    root.ifPresent(seen::add);
    if (!ownSession) {
      note();
    } else if (root.isPresent() || ProcessHandle.of(leader.pid()).isEmpty()) {
      // Without its leader a session's id stays reserved while it has a member. If another process
      // has the id now, no member was left.
      addSession();
    }
    seen.removeIf(process -> !runs(process));
    return Set.copyOf(seen);
  }

  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && !ProcStat.of(process.pid()).map(ProcStat::zombie).orElse(false);
  }

  private void addSession() {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        Optional<ProcStat> stat = ProcStat.of(pid);
        if (stat.isPresent() && stat.get().session() == leader.pid() && !stat.get().zombie()) {
          ProcessHandle.of(pid).ifPresent(seen::add);
        }
      }
    } catch (IOException e) {
      log.debug("The processes of session {} cannot be listed", leader.pid(), e);
    }
  }

  /** Asks all to end, waits, and kills those that have not ended by then. Not interruptible. */
  void end(Duration grace) {
    note();
    Set<ProcessHandle> processes = alive();
    if (!processes.isEmpty()) {
      processes.forEach(ProcessHandle::destroy);
      if (!awaitEnd(grace, false)) {
        kill();
      }
    }
  }

  private void kill() {
    if (!awaitEnd(KILL_LIMIT, true)) {
      log.warn("The processes {} were killed but have not ended", alive());
    }
  }

  // Kills again and again, because a process may start another one before it is killed.
  private boolean awaitEnd(Duration limit, boolean kill) {
    boolean interrupted = false;
    long began = System.nanoTime();
    long pause = SHORTEST_PAUSE;
    Set<ProcessHandle> processes = alive();
    while (!processes.isEmpty() && System.nanoTime() - began < limit.toNanos()) {
      if (kill) {
        note();
        processes.forEach(ProcessHandle::destroyForcibly);
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
      interrupted |= Thread.interrupted();
      processes = alive();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return processes.isEmpty();
  }
}
