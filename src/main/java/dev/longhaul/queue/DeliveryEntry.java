package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log of a job, batch or chain: that a delivery was put in line, or what became of
 * one of its attempts.
 *
 * @param delivery the job that delivers
 * @param channel the name of the channel
 * @param event what is told, such as {@code job.completed}
 * @param at when it was put in line, or the attempt began
 * @param attempt what became of an attempt, or null where it was put in line
 */
public record DeliveryEntry(
    JobId delivery, String channel, String event, Instant at, @Nullable Attempt attempt) {

  /**
   * What became of an attempt.
   *
   * @param number which one, counted from 1
   * @param took how long it took
   * @param status the HTTP status it was answered with, or null if there was none
   * @param error a stable name of what was wrong, or null if it was delivered
   * @param message the same in words, or null
   */
  public record Attempt(
      int number,
      Duration took,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable String message) {

    /** Whether it was delivered. */
    public boolean delivered() {
      return error == null;
    }
  }
}
