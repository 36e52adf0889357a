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
  private final boolean repeatable;
  private boolean begun;
  private @Nullable String task;

  /**
   * @param upstream its name, for messages
   * @param repeatable whether it may be sent again, so that only its task is stored
   */
  MarkedCall(CallMarks marks, JobId job, String upstream, boolean repeatable) {
    this.marks = marks;
    this.job = job;
    this.upstream = upstream;
    this.repeatable = repeatable;
  }

  /**
   * Marks the call as sent, before it is.
   *
   * @throws OutcomeUnknownException if another attempt has sent it and made no task of it
   */
  void begin() {
    Optional<Mark> earlier = repeatable ? marks.find(job) : marks.begin(job);
    begun = true;
    if (earlier.isPresent()) {
      task = earlier.get().task();
      if (task == null && !repeatable) {
        throw unknown();
      }
    }
  }

  /** The upstream runs nothing until the call is sent again. */
  void notRunning() {
    if (!repeatable) {
      marks.forget(job);
    }
  }

  /**
   * Marks the call as sent once more.
   *
   * @throws OutcomeUnknownException if another attempt has sent it meanwhile
   */
  void goesOn() {
    if (!repeatable && marks.begin(job).isPresent()) {
      throw unknown();
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
    if (repeatable) {
      return;
    }
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
    if (!repeatable || task != null) {
      marks.forget(job);
    }
  }

  private OutcomeUnknownException unknown() {
    return new OutcomeUnknownException(
        "An earlier attempt had sent this call to upstream "
            + upstream
            + " and was lost or stopped before it could report; the call may or may not have had"
            + " its effect.");
  }
}
