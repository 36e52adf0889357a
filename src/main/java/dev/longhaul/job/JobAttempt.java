package dev.longhaul.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job.
 *
 * @param number counted from 1
 * @param startedAt when it started, or null if that is not known
 * @param finishedAt when it ended, or null while it goes on
 * @param worker which process ran it: its host's name and a number of its own; null if unknown
 * @param error why it failed, or null if it did not
 */
public record JobAttempt(
    int number,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String worker,
    @Nullable Failure error) {

  /** The code of an attempt whose worker was lost. */
  public static final String WORKER_LOST = "WORKER_LOST";

  /**
   * Why an attempt failed.
   *
   * @param code as of {@link JobError}, or {@link #WORKER_LOST}
   * @param message what happened; a long one is cut
   */
  public record Failure(String code, String message) {}
}
