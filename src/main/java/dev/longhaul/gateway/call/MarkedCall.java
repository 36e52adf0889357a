package dev.longhaul.gateway.call;

import dev.longhaul.catalog.OutcomeUnknownException;
import dev.longhaul.gateway.call.CallMarks.Mark;
import dev.longhaul.job.JobId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one call has got, stored so that another attempt of its job finds it, whether this one
 * ends by a crash, is given back to the queue, or has lost its lease without noticing.
 */
final class MarkedCall {
  private final CallMarks marks;
  private final JobId job;
  private final String upstream;
  private boolean begun;
  private @Nullable String task;

  /**
   * @param upstream its name, for messages
   */
  MarkedCall(CallMarks marks, JobId job, String upstream) {
    this.marks = marks;
    this.job = job;
    this.upstream = upstream;
  }

  /**
   * Marks the call as sent, before it is.
   *
   * @throws OutcomeUnknownException if another attempt has sent it and made no task of it
   */
  void begin() {
    Optional<Mark> earlier = marks.begin(job);
    begun = true;
    if (earlier.isPresent()) {
      task = earlier.get().task();
      if (task == null) {
        throw unknown();
      }
    }
  }

  /** The task of the upstream; null for none. */
  @Nullable String task() {
    return task;
  }

  /** The upstream has made a task of the call. */
  void task(String id) {
    marks.put(job, new Mark(id));
    task = id;
  }

  /**
   * This attempt has sent nothing, so that another one may.
   *
   * @throws OutcomeUnknownException if an earlier attempt has
   */
  void notSent() {
    if (!begun) {
      if (marks.find(job).filter(mark -> mark.task() == null).isPresent()) {
        throw unknown();
      }
    } else if (task == null) {
      forget();
    }
  }

  /** The call has ended. */
  void forget() {
    marks.forget(job);
  }

  private OutcomeUnknownException unknown() {
    return new OutcomeUnknownException(
        "An earlier attempt had sent this call to upstream "
            + upstream
            + " and was lost or stopped before it could report; the call may or may not have had"
            + " its effect.");
  }
}
