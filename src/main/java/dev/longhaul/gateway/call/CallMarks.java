package dev.longhaul.gateway.call;

import dev.longhaul.job.JobId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores how far the call of a job has got, for its next attempt. Only for calls that must not be
 * repeated, and that may have become a task of the upstream.
 */
public interface CallMarks {

  /**
   * How far a call has got.
   *
   * @param task the id of the upstream's task; null if the call was sent and may have run
   */
  record Mark(@Nullable String task) {}

  /** How far an earlier attempt of the job has got; empty if nothing was sent. */
  Optional<Mark> find(JobId job);

  /**
   * Marks a call as sent, before it is, unless there is a mark.
   *
   * @return the mark of an earlier attempt, which stays; empty if there was none
   */
  Optional<Mark> begin(JobId job);

  /** Stores it before it happens: what was not stored must not be followed. */
  void put(JobId job, Mark mark);

  /** The call has ended; does not wait. */
  void forget(JobId job);
}
