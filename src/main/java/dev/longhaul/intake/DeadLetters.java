package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobPage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists, replays and deletes a caller's dead jobs. {@link Intake} reads them like any job, with
 * error and partial result.
 */
public interface DeadLetters {
  /** The most that one request replays or drops. */
  int MOST = 100;

  /** The caller's dead jobs, newest first, including replayed ones. */
  JobPage list(Caller caller, @Nullable String tool, @Nullable String cursor, int limit);

  /**
   * Replays a dead job as a new one. It is replayed only once; a repeated call returns the same
   * job.
   *
   * @return the new job, whose id may be sent to clients
   * @throws IntakeException {@link Refusal.NotDead} if it is not dead
   */
  Job replay(Caller caller, JobId id);

  /**
   * Replays several jobs.
   *
   * @param ids at most {@link #MOST}
   * @return the result for each, in their order
   */
  Map<String, Fate> replay(Caller caller, List<String> ids);

  /**
   * Replays one page of a tool's dead jobs, without those that were replayed before.
   *
   * @param cursor the cursor from the previous page, or null for the first page
   */
  Replayed replayAll(Caller caller, String tool, @Nullable String cursor);

  /**
   * Deletes a dead job.
   *
   * @throws IntakeException {@link Refusal.NotDead} if it is not dead
   */
  void drop(Caller caller, JobId id);

  /**
   * Deletes several dead jobs.
   *
   * @param ids at most {@link #MOST}
   * @return the result for each, in their order
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
   * The result for one job.
   *
   * @param job the new job if it was replayed, else null
   */
  record Fate(Done done, @Nullable JobId job) {}

  /**
   * The result for a page.
   *
   * @param nextCursor the cursor for the next page, or null at the end
   */
  record Replayed(Map<String, Fate> fates, @Nullable String nextCursor) {}
}
