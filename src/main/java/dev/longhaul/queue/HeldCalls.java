package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The records of held calls, by the digest of the call, in which a repeated call finds the job that
 * it can join. A call that ends quickly is never recorded.
 */
public interface HeldCalls {
  /** How many identical calls are recorded at once; beyond that the oldest is dropped. */
  int MAX_CALLS = 16;

  /** The calls of a digest, the latest first. */
  List<HeldCall> find(String digest);

  /**
   * Stores the record of a call, replacing that of the same job.
   *
   * @param life how long it is kept at least; another call of the same digest can prolong it
   */
  void put(String digest, HeldCall call, Duration life);

  /**
   * Replaces a record unless it was changed concurrently (compare and set).
   *
   * @param seen the record as it was read
   * @param next the new record
   * @return whether the stored record still equalled {@code seen}
   */
  boolean change(String digest, HeldCall seen, HeldCall next, Duration life);

  /** Removes the record of an answered call. */
  void remove(String digest, JobId job);

  /**
   * Removes a record unless it was changed concurrently.
   *
   * @return whether the stored record still equalled {@code seen}
   */
  boolean remove(String digest, HeldCall seen);

  /** The state of a held call. */
  enum State {
    /** A process holds its connection open. */
    WAITING,
    /** Its client has left without the response. */
    LEFT,
    /** Its client got the operation's id instead of a result. */
    HANDED_OVER
  }

  /**
   * The record of a held call.
   *
   * @param job the job that it waits for
   * @param process the process that holds it or held it last
   * @param connection the id of the session on an earlier revision, else of the connection
   * @param since when the job's first call was made, to the millisecond
   * @param changed when its state last changed, to the millisecond
   */
  record HeldCall(
      JobId job, State state, String process, String connection, Instant since, Instant changed) {}
}
