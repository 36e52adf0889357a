package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry in the delivery log of a job, batch or chain: a delivery was queued, or one of its
 * attempts ended.
 *
 * @param delivery the job that delivers
 * @param channel the name of the channel
 * @param event the notified event, such as {@code job.completed}
 * @param at when it was queued, or when the attempt began
 * @param attempt the attempt, or null if the delivery was queued
 */
public record DeliveryEntry(
    JobId delivery, String channel, String event, Instant at, @Nullable Attempt attempt) {

  /**
   * An attempt.
   *
   * @param number its number, counted from 1
   * @param took how long it took
   * @param status the HTTP status of the response, or null if there was none
   * @param error a stable error code, or null if it was delivered
   * @param message a description of the error, or null
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
