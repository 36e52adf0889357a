package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.patience.Patience;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.HeldCalls.HeldCall;
import dev.longhaul.queue.HeldCalls.Standing;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.Waiters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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

  /** Between two looks whether a client is there: the end of a lost connection has answered. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** What a look has found is noted a moment later; so often that moment is waited for. */
  private static final int LOOKS_AFTERWARDS = 5;

  private static final Duration UNTIL_NOTED = Duration.ofMillis(30);

  private final Intake intake;
  private final HeldCalls calls;
  private final FrontDoors doors;
  private final Patience patience;
  private final Settings settings;
  private final CoarseTimer timer;
  private final Clock clock;
  private final Waiters<JobId, Reply> waiting = new Waiters<>();

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
    doors.onLook(this::look);
  }

  /** A reply whose client waits for a job here, until this is closed. */
  Waiters.Waiting waits(JobId job, Reply reply) {
    return waiting.add(job, reply);
  }

  private void look(JobId job) {
    Set<Reply> replies = waiting.of(job);
    if (replies.isEmpty()) {
      return;
    }
    replies.forEach(Reply::probe);
    if (pause(BETWEEN_LOOKS)) {
      replies.forEach(Reply::probe);
    }
  }

  private static boolean pause(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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
        if (job != null && intake.joinable(submission, job)) {
          HeldCall stands = joins(call, submission, digest, seen, job);
          if (stands != null) {
            return Optional.of(new Joined(job, stands));
          }
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
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      log.trace("Job {} of a held call is forgotten", seen.job());
    }
    boolean _ = calls.remove(digest, seen);
    return null;
  }

  /** What is noted once the call has joined; null if it does not. */
  private @Nullable HeldCall joins(
      Call call, Submission submission, String digest, HeldCall seen, Job job) {
    boolean sameConnection = seen.connection().equals(call.connection());
    return switch (seen.standing()) {
      case HANDED_OVER ->
          !job.state().terminal()
                  && (sameConnection || intake.policy(submission).retry().repeatable())
              ? seen
              : null;
      case LEFT -> waitsNow(call, digest, seen);
      case WAITING -> {
        Duration waited = Duration.between(seen.changed(), clock.instant());
        boolean givenUp = sameConnection && waited.compareTo(SIDE_BY_SIDE) >= 0;
        if (givenUp) {
          patience.left(call.caller().owner(), call.client(), waited);
          yield waitsNow(call, digest, seen);
        }
        if (waited.compareTo(SIDE_BY_SIDE) < 0) {
          yield doors.lives(seen.process()) ? null : waitsNow(call, digest, seen);
        }
        yield doors.look(seen.process(), seen.job())
            ? joinsWhatWasLeft(call, digest, seen)
            : waitsNow(call, digest, seen);
      }
    };
  }

  // Its client may have given up just now: that is noticed on writing only, and noted then.
  private @Nullable HeldCall joinsWhatWasLeft(Call call, String digest, HeldCall seen) {
    for (int looks = 0; looks < LOOKS_AFTERWARDS; looks++) {
      HeldCall now =
          calls.find(digest).stream()
              .filter(held -> held.job().equals(seen.job()))
              .findFirst()
              .orElse(null);
      if (now != null && now.standing() == Standing.LEFT) {
        return waitsNow(call, digest, now);
      }
      if (!seen.equals(now) || !pause(UNTIL_NOTED)) {
        return null;
      }
    }
    return null;
  }

  /** Notes that this call waits; null if somebody else was first. */
  private @Nullable HeldCall waitsNow(Call call, String digest, HeldCall seen) {
    HeldCall waits = standing(Standing.WAITING, call, seen.job(), seen.since());
    return calls.change(digest, seen, waits, LIFE) ? waits : null;
  }

  private HeldCall standing(Standing standing, Call call, JobId job, Instant since) {
    return new HeldCall(job, standing, doors.own(), call.connection(), since, now());
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
        : new Noted(
            call,
            () -> intake.digest(submission),
            job,
            joined != null,
            joined == null ? now() : joined.since(),
            joined == null ? null : joined.stands());
  }

  /**
   * A held call that was held elsewhere until now.
   *
   * @param joinedSince when the call came that it has joined, or null if the job is its own
   * @param waited for how long it has been held
   */
  Holding takeOver(
      Call call, String digest, JobId job, @Nullable Instant joinedSince, Duration waited) {
    Instant came = joinedSince == null ? now().minus(waited) : joinedSince;
    HeldCall stands = null;
    try {
      for (HeldCall seen : calls.find(digest)) {
        if (seen.job().equals(job)) {
          came = seen.since();
          stands = goesOn(call, digest, seen);
        }
      }
    } catch (QueueUnavailableException e) {
      log.debug("Where a resumed call of job {} stands could not be looked up", job, e);
    }
    return new Noted(call, () -> digest, job, joinedSince != null, came, stands);
  }

  // A repetition in another session may wait for the job meanwhile, and stays noted: then what we
  // take for noted is not, and changes nothing.
  private HeldCall goesOn(Call call, String digest, HeldCall seen) {
    boolean its = seen.connection().equals(call.connection());
    HeldCall next =
        switch (seen.standing()) {
          case HANDED_OVER -> seen;
          case LEFT -> waitsNow(call, digest, seen);
          case WAITING -> its ? waitsNow(call, digest, seen) : null;
        };
    return next == null ? standing(Standing.WAITING, call, seen.job(), seen.since()) : next;
  }

  private final class Noted implements Holding {
    private final Call call;
    private final Supplier<String> digest;
    private final JobId job;
    private final boolean joined;
    private final Instant since;
    // What we believe is noted; null if nothing, or if we do not know.
    private @Nullable HeldCall stands;
    private boolean noted;
    private boolean forgotten;

    /**
     * @param digest not asked for before something is noted: most calls end before
     * @param since when the first call of the job came
     */
    Noted(
        Call call,
        Supplier<String> digest,
        JobId job,
        boolean joined,
        Instant since,
        @Nullable HeldCall stands) {
      this.call = call;
      this.digest = digest;
      this.job = job;
      this.joined = joined;
      this.since = since;
      this.stands = stands;
      this.noted = stands != null;
    }

    @Override
    public String digest() {
      return digest.get();
    }

    @Override
    public @Nullable Instant joinedSince() {
      return joined ? since : null;
    }

    @Override
    public void lasts() {
      if (!noted) {
        note(Standing.WAITING);
      }
    }

    @Override
    public void lost() {
      var _ = noteLeft();
    }

    @Override
    public void left() {
      var _ = noteLeft();
    }

    @Override
    public void leftForGood() {
      if (settings.grace().isZero()) {
        cancelled();
        intake.abandon(call.caller(), job);
        return;
      }
      HeldCall left = noteLeft();
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

    private synchronized void forget() {
      forgotten = true;
      if (noted) {
        quietly(() -> calls.remove(digest(), job));
      }
    }

    private synchronized void note(Standing standing) {
      HeldCall held = standing(standing, call, job, since);
      noted = true;
      stands = quietly(() -> calls.put(digest(), held, LIFE)) ? held : null;
    }

    // Unless a repetition has joined, or the client goes on elsewhere: then it is theirs.
    private synchronized @Nullable HeldCall noteLeft() {
      if (forgotten) {
        return null; // found to be lost at the same moment
      }
      HeldCall before = stands;
      if (before == null) {
        note(Standing.LEFT);
        return stands;
      }
      HeldCall left = standing(Standing.LEFT, call, job, since);
      try {
        if (!calls.change(digest(), before, left, LIFE)) {
          return null;
        }
        stands = left;
      } catch (QueueUnavailableException e) {
        notNoted(e);
        stands = null;
      }
      return stands;
    }

    private void notNoted(QueueUnavailableException e) {
      log.debug("Where a call of job {} stands could not be noted", job, e);
    }

    private boolean quietly(Runnable write) {
      try {
        write.run();
        return true;
      } catch (QueueUnavailableException e) {
        notNoted(e);
        return false;
      }
    }
  }
}
