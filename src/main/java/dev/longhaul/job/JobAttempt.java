package dev.longhaul.job;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a job.
 *
 * @param number counted from 1
 * @param startedAt when it started, or null if unknown
 * @param finishedAt when it ended, or null while it runs
 * @param worker the process that ran it: its host's name and a random part; null if unknown
 * @param error why it failed, or null if it did not
 * @param checkpoints how long its steps took; only those of the latest attempt that had any are
 *     kept
 */
public record JobAttempt(
    int number,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String worker,
    @Nullable Failure error,
    List<Checkpoints.Step> checkpoints) {

  public JobAttempt {
    checkpoints = List.copyOf(checkpoints);
  }

  /** An attempt without steps. */
  public JobAttempt(
      int number,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable String worker,
      @Nullable Failure error) {
    this(number, startedAt, finishedAt, worker, error, List.of());
  }

  /** The same attempt with these steps. */
  public JobAttempt with(List<Checkpoints.Step> steps) {
    return new JobAttempt(number, startedAt, finishedAt, worker, error, steps);
  }

  /** The code of an attempt whose worker was lost. */
  public static final String WORKER_LOST = "WORKER_LOST";

  /**
   * Why an attempt failed.
   *
   * @param code as of {@link JobError}, or {@link #WORKER_LOST}
   * @param message what happened; truncated if long
   */
  public record Failure(String code, String message) {}
}
