package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Calls that are held open and have not been answered, by the digest of the call: whoever makes the
 * same call again finds the job that it can join. A call that ends quickly is never noted here.
 */
public interface HeldCalls {
  /** How many identical calls are noted at once; of more the oldest is forgotten. */
  int MAX_CALLS = 16;

  /** The calls of a digest, the latest first. */
  List<HeldCall> find(String digest);

  /**
   * Notes a call, in place of what was noted of its job.
   *
   * @param life how long, at least; another call of the same digest can prolong it
   */
  void put(String digest, HeldCall call, Duration life);

  /**
   * Changes a call unless somebody else has changed it first.
   *
   * @param seen how it was found
   * @param next how it is now
   * @return whether it was still as it was seen
   */
  boolean change(String digest, HeldCall seen, HeldCall next, Duration life);

  /** Forgets a call: it was answered. */
  void remove(String digest, JobId job);

  /**
   * Forgets a call unless somebody else has changed it first.
   *
   * @return whether it was still as it was seen
   */
  boolean remove(String digest, HeldCall seen);

  /** Where a call stands. */
  enum Standing {
    /** A process holds its connection open. */
    WAITING,
    /** Its client has left without the answer. */
    LEFT,
    /** Its client got the handle of the operation instead of an answer. */
    HANDED_OVER
  }

  /**
   * A call.
   *
   * @param job what it waits for
   * @param process the process that holds it or held it last
   * @param connection what its client called over: a session of an earlier revision, else a
   *     connection
   * @param since when the job's first call came, to the millisecond
   * @param changed when it came to stand like this, to the millisecond
   */
  record HeldCall(
      JobId job,
      Standing standing,
      String process,
      String connection,
      Instant since,
      Instant changed) {}
}
