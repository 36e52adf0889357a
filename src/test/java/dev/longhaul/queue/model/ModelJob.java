package dev.longhaul.queue.model;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.JobQueue.DeleteAnswer;
import dev.longhaul.queue.JobQueue.ReleaseAnswer;
import dev.longhaul.queue.LeaseToken;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The model of one job: its expected state, and the expected answer to each call. Mutable. */
final class ModelJob {
  /** The place of a job. A job is always in exactly one place. */
  enum Place {
    /** Held by its owner. */
    HELD,
    /** In the list of its queue or of a gate. */
    LINE,
    /** Claimed with a lease, not started. */
    OFFERED,
    /** Scheduled for later. */
    SCHEDULED,
    /** Started, with a lease. */
    RUNNING,
    ENDED,
    GONE
  }

  /** The number of workers that a job may lose. */
  static final int MOST_LOST = 3;

  final int number;
  final JobId id;
  final String queue;
  final boolean repeatable;
  final @Nullable JobRequest request;
  Place place;
  long fence;
  int attempts;
  int lost;
  boolean due;

  /** The job that replays this one, if it was replayed. */
  @Nullable JobId replayedBy;

  // Whether it is the probe of an open breaker.
  boolean probing;
  // A job that was cancelled while it ran keeps its lease until its worker has stopped.
  boolean leased;
  boolean expired;
  @Nullable LeaseToken holder;
  @Nullable LeaseToken gaveBack;

  /** The token whose lease was reaped; the outcome of that worker is still accepted. */
  @Nullable LeaseToken takenFrom;

  // Whether that worker had not confirmed the start.
  boolean unsaid;
  // Its deadline has passed, but it was not reaped yet.
  boolean overdue;
  // Ended because of its deadline.
  boolean exceeded;
  @Nullable Outcome outcome;

  /**
   * @param request null for an unknown job
   */
  ModelJob(int number, JobId id, @Nullable JobRequest request) {
    this.number = number;
    this.id = id;
    this.request = request;
    queue = request == null ? "" : request.queue();
    repeatable = request != null && request.retry().repeatable();
    place =
        request == null
            ? Place.GONE
            : request.held() ? Place.HELD : request.delay().isZero() ? Place.LINE : Place.SCHEDULED;
  }

  ModelJob copy() {
    ModelJob copy = new ModelJob(number, id, request);
    copy.become(this);
    return copy;
  }

  void become(ModelJob other) {
    place = other.place;
    fence = other.fence;
    attempts = other.attempts;
    lost = other.lost;
    due = other.due;
    leased = other.leased;
    expired = other.expired;
    holder = other.holder;
    gaveBack = other.gaveBack;
    takenFrom = other.takenFrom;
    unsaid = other.unsaid;
    overdue = other.overdue;
    exceeded = other.exceeded;
    outcome = other.outcome;
    replayedBy = other.replayedBy;
    probing = other.probing;
  }

  boolean same(ModelJob other) {
    return toString().equals(other.toString())
        && Objects.equals(holder, other.holder)
        && Objects.equals(gaveBack, other.gaveBack)
        && Objects.equals(takenFrom, other.takenFrom)
        && Objects.equals(outcome, other.outcome);
  }

  JobState state() {
    return switch (place) {
      case HELD -> JobState.HELD;
      case LINE, OFFERED -> JobState.QUEUED;
      case SCHEDULED -> JobState.SCHEDULED;
      case RUNNING -> JobState.RUNNING;
      case ENDED, GONE -> outcome == null ? JobState.DEAD : outcome.state();
    };
  }

  boolean live() {
    return place != Place.ENDED && place != Place.GONE;
  }

  private boolean held(LeaseToken token) {
    return token.equals(holder) && place != Place.GONE;
  }

  private boolean owned(LeaseToken token) {
    return held(token) && (place == Place.OFFERED || place == Place.RUNNING);
  }

  void claim(LeaseToken token, boolean probe) {
    probing = probe;
    // The claim of a job that may be repeated is its start.
    place = repeatable ? Place.RUNNING : Place.OFFERED;
    if (repeatable) {
      attempts++;
    }
    fence = token.fence();
    holder = token;
    leased = true;
    expired = false;
  }

  boolean start(LeaseToken token) {
    if (!held(token)) {
      return false;
    }
    if (place == Place.OFFERED) {
      place = Place.RUNNING;
      attempts++;
    } else if (place != Place.RUNNING) {
      unlease();
      return false;
    }
    return true;
  }

  boolean complete(Completion completion) {
    LeaseToken token = completion.token();
    boolean finishes = completion instanceof Completion.Finished;
    if (finishes && place == Place.LINE && token.equals(takenFrom) && token.fence() == fence) {
      if (unsaid) {
        attempts++;
      }
      holder = token; // so a repeated call is accepted, too
      end(((Completion.Finished) completion).outcome());
      return true;
    }
    if (!owned(token)) {
      boolean saidBefore =
          finishes
              ? held(token) && place == Place.ENDED && !stopped()
              : place != Place.GONE && token.equals(gaveBack) && token.fence() == fence;
      if (!saidBefore && held(token)) {
        unlease(); // cancelled, and now its tool has stopped
      }
      return saidBefore;
    }
    if (place == Place.OFFERED) {
      attempts++; // the end arrived before the start
    }
    unlease();
    switch (completion) {
      case Completion.Finished finished -> end(finished.outcome());
      case Completion.Retry retry -> again(token, retry.delay());
      case Completion.GivenBack back -> {
        attempts--;
        again(token, back.delay());
      }
    }
    return true;
  }

  // Ended by another party than its worker.
  private boolean stopped() {
    return state() == JobState.CANCELLED || exceeded;
  }

  private void again(LeaseToken token, Duration delay) {
    holder = null;
    gaveBack = token;
    due = false;
    place = delay.isZero() ? Place.LINE : Place.SCHEDULED;
  }

  /** The expected answer to a renewal. */
  Renewal renew(LeaseToken token) {
    if (!held(token)) {
      return Renewal.LOST;
    }
    if (place == Place.ENDED) {
      return stopped() ? Renewal.CANCELLED : Renewal.LOST;
    }
    leased = true;
    expired = false;
    return Renewal.PROLONGED;
  }

  enum Renewal {
    PROLONGED,
    LOST,
    CANCELLED
  }

  CancelAnswer cancel() {
    switch (place) {
      case GONE -> {
        return CancelAnswer.UNKNOWN;
      }
      case ENDED -> {
        return CancelAnswer.ALREADY_FINISHED;
      }
      case RUNNING -> end(new Outcome.Cancelled(null)); // the lease stays
      case HELD, LINE, OFFERED, SCHEDULED -> {
        unlease();
        end(new Outcome.Cancelled(null));
      }
    }
    return CancelAnswer.CANCELLED;
  }

  ReleaseAnswer release() {
    if (place != Place.HELD) {
      return place == Place.GONE ? ReleaseAnswer.UNKNOWN : ReleaseAnswer.NOT_HELD;
    }
    place = Objects.requireNonNull(request).delay().isZero() ? Place.LINE : Place.SCHEDULED;
    return ReleaseAnswer.RELEASED;
  }

  /** The tool at whose gate it may wait; empty if it never waits at one. */
  String limited() {
    String tool = request == null ? null : request.tool();
    return tool == null || tool.equals("free") ? "" : tool;
  }

  /** Whether it is dead, so that it can be replayed and dropped. */
  boolean dead() {
    return place == Place.ENDED && state() == JobState.DEAD;
  }

  boolean attach(LeaseToken token, @Nullable Partial partial) {
    if (!held(token) || place != Place.ENDED || !stopped()) {
      return false;
    }
    unlease();
    holder = null;
    if (partial != null) {
      outcome = exceeded ? new Outcome.Failed(EXCEEDED, partial) : new Outcome.Cancelled(partial);
    }
    return true;
  }

  boolean progress(LeaseToken token) {
    return held(token) && place == Place.RUNNING;
  }

  DeleteAnswer delete(boolean force) {
    if (place == Place.GONE) {
      return DeleteAnswer.UNKNOWN;
    }
    if (live() && !force) {
      return DeleteAnswer.NOT_FINISHED;
    }
    forget();
    return DeleteAnswer.DELETED;
  }

  void forget() {
    unlease();
    overdue = false;
    place = Place.GONE;
  }

  /** Reaps it after the end of its lease. */
  Reaped reap() {
    boolean offered = place == Place.OFFERED;
    boolean running = place == Place.RUNNING;
    unlease();
    if (!offered && !running) {
      return Reaped.NOTHING;
    }
    takenFrom = holder;
    unsaid = offered;
    holder = null;
    if (running) {
      lost++;
      if (!repeatable || lost >= MOST_LOST) {
        end(new Outcome.GivenUp(repeatable ? POISON : JobError.outcomeUnknown(), null));
        return Reaped.ENDED;
      }
    }
    place = Place.LINE;
    return Reaped.REQUEUED;
  }

  /** Whether its deadline is active. */
  boolean bounded() {
    return live() && place != Place.HELD && request != null && request.deadline();
  }

  /** Ends it because of its deadline. */
  void exceed() {
    exceeded = true;
    if (place != Place.RUNNING) { // a running job keeps its lease until the tool has stopped
      unlease();
    }
    end(new Outcome.Failed(EXCEEDED, null));
  }

  enum Reaped {
    NOTHING,
    REQUEUED,
    ENDED
  }

  /** Only the code is compared. */
  private static final JobError POISON = new JobError(JobError.POISON, "", "", "");

  private static final JobError EXCEEDED = new JobError(JobError.DEADLINE_EXCEEDED, "", "", "");

  private void end(Outcome how) {
    if (!live()) {
      throw new IllegalStateException("the model ended " + this + " twice");
    }
    place = Place.ENDED;
    overdue = false;
    outcome = how;
  }

  private void unlease() {
    leased = false;
    expired = false;
    probing = false;
  }

  @Override
  public String toString() {
    return "#%d %s f%d a%d lost%d%s%s"
        .formatted(
            number,
            place == Place.ENDED ? state() : place,
            fence,
            attempts,
            lost,
            leased ? " leased" : "",
            expired ? " expired" : "");
  }
}
