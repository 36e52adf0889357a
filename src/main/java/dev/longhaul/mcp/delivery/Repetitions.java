package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.CoarseTimer;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.patience.Patience;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.HeldCalls.HeldCall;
import dev.longhaul.queue.HeldCalls.Standing;
import dev.longhaul.queue.QueueUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the repetition of a call join the job of the call before it (docs/mcp.md, "A call that is
 * repeated"). Clients and models repeat by themselves what timed out, was cut off or was handed
 * over; a second job beside the first would do the work twice.
 */
public final class Repetitions {
  private static final Logger log = LoggerFactory.getLogger(Repetitions.class);

  /** Longer than most operations last; after that a repeated call is a new one. */
  private static final Duration LIFE = Duration.ofHours(2);

  /**
   * Who makes the same call again over the same session while the first one waits has given up on
   * it, unless both come at about the same time: then they are meant to run side by side.
   */
  private static final Duration SIDE_BY_SIDE = Duration.ofSeconds(4);

  private final Intake intake;
  private final HeldCalls calls;
  private final FrontDoors doors;
  private final Patience patience;
  private final Settings settings;
  private final CoarseTimer timer;
  private final Clock clock;

  /**
   * How long a call can be joined.
   *
   * @param window how long after its end a job's result is given to a repetition of the call that
   *     never got it
   * @param grace how long after its client has left the work of a call goes on, where the revision
   *     makes a disconnect a cancel; zero to stop it at once
   */
  public record Settings(Duration window, Duration grace) {}

  public Repetitions(
      Intake intake,
      HeldCalls calls,
      FrontDoors doors,
      Patience patience,
      Settings settings,
      CoarseTimer timer,
      Clock clock) {
    this.intake = intake;
    this.calls = calls;
    this.doors = doors;
    this.patience = patience;
    this.settings = settings;
    this.timer = timer;
    this.clock = clock;
  }

  /** The job that a call goes on with; empty if it is to have one of its own. */
  Optional<Joined> join(Call call, Submission submission) {
    // Who gives a key, or says that it is to be done again, knows what he does.
    if (submission.options().idempotencyKey() != null || submission.options().noCache()) {
      return Optional.empty();
    }
    String digest = intake.digest(submission);
    try {
      boolean handedOver = false;
      for (HeldCall seen : calls.find(digest)) {
        // Only the latest operation of a call counts, also if it has ended: who had it made anew
        // does not mean the one before.
        boolean superseded = handedOver && seen.standing() == Standing.HANDED_OVER;
        handedOver |= seen.standing() == Standing.HANDED_OVER;
        Job job = superseded ? null : found(call, digest, seen);
        if (job != null
            && intake.joinable(submission, job)
            && joins(call, submission, digest, seen, job)) {
          return Optional.of(new Joined(job, seen.since()));
        }
      }
    } catch (QueueUnavailableException e) {
      log.debug("Whether a call repeats another could not be looked up", e);
    }
    return Optional.empty();
  }

  private @Nullable Job found(Call call, String digest, HeldCall seen) {
    try {
      Job job = intake.job(call.caller(), seen.job());
      Instant ended = job.finishedAt();
      if (ended == null || ended.plus(settings.window()).isAfter(clock.instant())) {
        return job;
      }
    } catch (IntakeException.UnknownJob e) {
      log.trace("Job {} of a held call is forgotten", seen.job());
    }
    boolean _ = calls.remove(digest, seen);
    return null;
  }

  private boolean joins(Call call, Submission submission, String digest, HeldCall seen, Job job) {
    boolean sameConnection = seen.connection().equals(call.connection());
    return switch (seen.standing()) {
      case HANDED_OVER ->
          !job.state().terminal()
              && (sameConnection || intake.policy(submission).retry().repeatable());
      case LEFT -> calls.change(digest, seen, waiting(seen, call), LIFE);
      case WAITING -> {
        Duration waited = Duration.between(seen.changed(), clock.instant());
        boolean givenUp = sameConnection && waited.compareTo(SIDE_BY_SIDE) >= 0;
        if (givenUp) {
          patience.left(call.caller().owner(), call.client(), waited);
        }
        yield (givenUp || !doors.lives(seen.process()))
            && calls.change(digest, seen, waiting(seen, call), LIFE);
      }
    };
  }

  private HeldCall waiting(HeldCall seen, Call call) {
    return new HeldCall(
        seen.job(), Standing.WAITING, doors.own(), call.connection(), seen.since(), now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * A held call of a job.
   *
   * @param joined what it has joined, or null if the job is its own
   */
  Holding hold(Call call, Submission submission, JobId job, @Nullable Joined joined) {
    return submission.options().idempotencyKey() != null
        ? Holding.NOBODY
        : new Noted(call, submission, job, joined);
  }

  private final class Noted implements Holding {
    private final Call call;
    private final Submission submission;
    private final JobId job;
    private final @Nullable Joined joined;
    private final Instant since;
    private boolean noted;

    Noted(Call call, Submission submission, JobId job, @Nullable Joined joined) {
      this.call = call;
      this.submission = submission;
      this.job = job;
      this.joined = joined;
      this.since = joined == null ? now() : joined.since();
      this.noted = joined != null;
    }

    @Override
    public @Nullable Instant joinedSince() {
      return joined == null ? null : since;
    }

    @Override
    public void lasts() {
      if (joined == null) {
        note(Standing.WAITING);
      }
    }

    @Override
    public void lost() {
      note(Standing.LEFT);
    }

    @Override
    public void left() {
      note(Standing.LEFT);
    }

    @Override
    public void leftForGood() {
      if (settings.grace().isZero()) {
        cancelled();
        intake.abandon(call.caller(), job);
        return;
      }
      HeldCall left = note(Standing.LEFT);
      if (left != null) {
        var _ = timer.after(settings.grace(), () -> stop(left));
      }
    }

    // Whoever has joined meanwhile has changed what stands there.
    private void stop(HeldCall left) {
      try {
        if (calls.remove(digest(), left)) {
          intake.abandon(call.caller(), job);
        }
      } catch (IntakeException | QueueUnavailableException e) {
        log.debug("Job {} goes on although its client has left", job, e);
      }
    }

    @Override
    public void handedOver() {
      note(Standing.HANDED_OVER);
    }

    @Override
    public void answered() {
      forget();
    }

    @Override
    public void cancelled() {
      forget();
    }

    private void forget() {
      if (noted) {
        quietly(() -> calls.remove(digest(), job));
      }
    }

    private @Nullable HeldCall note(Standing standing) {
      HeldCall held = new HeldCall(job, standing, doors.own(), call.connection(), since, now());
      noted = true;
      return quietly(() -> calls.put(digest(), held, LIFE)) ? held : null;
    }

    // Only asked for where something is noted: most calls end before.
    private String digest() {
      return intake.digest(submission);
    }

    private boolean quietly(Runnable write) {
      try {
        write.run();
        return true;
      } catch (QueueUnavailableException e) {
        log.debug("Where a call of job {} stands could not be noted", job, e);
        return false;
      }
    }
  }
}
