package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobPage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every front door does with a caller's dead jobs. They are shown like any job by {@link
 * Intake}, which also gives their error and what they had produced.
 */
public interface DeadLetters {
  /** The most that one request replays or drops. */
  int MOST = 100;

  /** The caller's dead jobs, newest first; those that were replayed too. */
  JobPage list(Caller caller, @Nullable String tool, @Nullable String cursor, int limit);

  /**
   * Tries a dead job again as a new one. It is replayed once: asked again, the answer is the same.
   *
   * @return the new job; its id may be given out from now on
   * @throws IntakeException {@link Refusal.NotDead} if it is not dead
   */
  Job replay(Caller caller, JobId id);

  /**
   * Replays those of many that can be.
   *
   * @param ids at most {@link #MOST}
   * @return what became of each, in their order
   */
  Map<String, Fate> replay(Caller caller, List<String> ids);

  /**
   * Replays one page of a tool's dead jobs, without those that were replayed before.
   *
   * @param cursor where the page before ended, or null for the first
   */
  Replayed replayAll(Caller caller, String tool, @Nullable String cursor);

  /**
   * Forgets a dead job.
   *
   * @throws IntakeException {@link Refusal.NotDead} if it is not dead
   */
  void drop(Caller caller, JobId id);

  /**
   * Forgets those of many that are dead.
   *
   * @param ids at most {@link #MOST}
   * @return what became of each, in their order
   */
  Map<String, Fate> drop(Caller caller, List<String> ids);

  /** What a request did to one dead job. */
  enum Done {
    REPLAYED,
    DROPPED,
    NOT_DEAD,
    UNKNOWN
  }

  /**
   * What became of one.
   *
   * @param job the new job if it was replayed, else null
   */
  record Fate(Done done, @Nullable JobId job) {}

  /**
   * What became of a page.
   *
   * @param nextCursor where the next page begins, or null at the end
   */
  record Replayed(Map<String, Fate> fates, @Nullable String nextCursor) {}
}
