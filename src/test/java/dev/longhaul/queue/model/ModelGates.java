package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.queue.Claim;

/** The model of gates besides slots: the rate of one tool, the circuit breaker of another. */
final class ModelGates {
  /** The tool with a rate: {@link #CALLS} calls until time passes. */
  static final String METERED = "metered";

  static final int CALLS = 3;

  /** The tool with a circuit breaker. */
  static final String SHAKY = "shaky";

  private enum Breaker {
    CLOSED,
    OPEN,
    /** The time of the breaker is over: one job runs as the probe. */
    TRYING
  }

  private Breaker breaker = Breaker.CLOSED;
  private int calls;

  ModelGates copy() {
    ModelGates copy = new ModelGates();
    copy.breaker = breaker;
    copy.calls = calls;
    return copy;
  }

  /** Fills the bucket, and lets an open breaker allow a probe. */
  void timePasses() {
    calls = 0;
    if (breaker == Breaker.OPEN) {
      breaker = Breaker.TRYING;
    }
  }

  /** Returns what the call must answer. */
  boolean open() {
    boolean changed = breaker != Breaker.OPEN;
    breaker = Breaker.OPEN;
    return changed;
  }

  /** Returns what the call must answer. */
  boolean close() {
    boolean changed = breaker != Breaker.CLOSED;
    breaker = Breaker.CLOSED;
    return changed;
  }

  /** Checks that a job may be claimed now. */
  void claimed(Claim claim, ModelJob job, boolean otherTries) {
    switch (job.limited()) {
      case METERED -> {
        calls++;
        check(calls <= CALLS, "%s is call %d within its rate of %d", job, calls, CALLS);
      }
      case SHAKY -> {
        check(breaker != Breaker.OPEN, "%s was claimed while the breaker was open", job);
        check(
            claim.probe() == (breaker == Breaker.TRYING), "%s is a probe: %s", job, claim.probe());
        check(!claim.probe() || !otherTries, "%s tries while another one does", job);
      }
      default -> check(!claim.probe(), "%s is a probe", job);
    }
  }
}
