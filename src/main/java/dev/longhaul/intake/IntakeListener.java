package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.thread.Listeners;
import java.util.List;

/**
 * Is notified of what passes through this process's intake, for example for metrics. The intake
 * calls every bean of this type after the queue has stored the change. A listener must be quick and
 * must not block; its exceptions are logged and ignored.
 */
public interface IntakeListener {

  /** A job was stored. */
  default void submitted(Job job) {}

  /**
   * A request to store a job was refused.
   *
   * @param reason why; a tool name in it is untrusted and may not exist
   */
  default void refused(IntakeException reason) {}

  /**
   * A job was cancelled.
   *
   * @param job the job after the cancellation
   */
  default void cancelled(Job job) {}

  /** Calls these listeners; if one throws, the request is not affected. */
  static Listeners<IntakeListener> calling(List<IntakeListener> listeners) {
    return new Listeners<>(listeners, "An IntakeListener failed; the request is not affected");
  }
}
