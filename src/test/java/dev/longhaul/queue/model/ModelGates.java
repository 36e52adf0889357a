package dev.longhaul.queue.model;

import static dev.longhaul.queue.model.QueueModel.check;

import dev.longhaul.queue.Claim;

/** What holds jobs back besides slots: one tool's rate, and another one's circuit breaker. */
final class ModelGates {
  /** The tool that may be called no more than {@link #CALLS} times until time passes. */
  static final String METERED = "metered";

  static final int CALLS = 3;

  /** The tool whose breaker opens and closes. */
  static final String SHAKY = "shaky";

  private enum Breaker {
    CLOSED,
    OPEN,
    /** Its time is over: one job tries. */
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

  /** Buckets are full again, and an open breaker lets one try. */
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

  /** Checks that a job might be claimed now. */
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
