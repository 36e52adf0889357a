package dev.longhaul.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a job.
 *
 * @param number counted from 1
 * @param startedAt when it started, or null if unknown
 * @param finishedAt when it ended, or null while it runs
 * @param worker the process that ran it: its host's name and a random part; null if unknown
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
   * @param message what happened; truncated if long
   */
  public record Failure(String code, String message) {}
}
