package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.Intake;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.timeout.ClientTimeouts;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.HeldCalls.HeldCall;
import dev.longhaul.queue.HeldCalls.State;
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
 * Lets a repeated call join the job of the earlier identical call (docs/mcp.md, "A call that is
 * repeated"). Clients and models repeat calls that timed out, lost their connection or were handed
 * over; a second job would do the work twice.
 */
public final class RepeatedCalls {
  private static final Logger log = LoggerFactory.getLogger(RepeatedCalls.class);

  /**
   * How long a call is remembered, longer than most operations take; after that a repeated call is
   * a new one.
   */
  private static final Duration RECORD_TTL = Duration.ofHours(2);

  /**
   * Identical calls within this time are meant to run in parallel. A later one over the same
   * session means that the client has given up on the first.
   */
  private static final Duration PARALLEL_WINDOW = Duration.ofSeconds(4);

  /**
   * How often a client is written to. The first write to a closed connection succeeds, and the
   * reset that it provokes makes the next one fail; a client that gives up may close its connection
   * only after it has sent the call again.
   */
  private static final int PROBES = 5;

  private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

  /**
   * How often the record is read again after a probe, because a lost connection is recorded a
   * moment later.
   */
  private static final int RECHECKS = 5;

  private static final Duration RECHECK_DELAY = Duration.ofMillis(30);

  private final Intake intake;
  private final HeldCalls calls;
  private final ApiProcesses processes;
  private final ClientTimeouts timeouts;
  private final Settings settings;
  private final CoarseTimer timer;
  private final Clock clock;
  private final Waiters<JobId, Reply> waiting = new Waiters<>();

  /**
   * How long a call can be joined.
   *
   * @param window how long after a job's end a repetition still gets its undelivered result
   * @param grace how long a job continues after its client has disconnected, on a revision where
   *     that cancels it; zero to cancel it at once
   */
  public record Settings(Duration window, Duration grace) {}

  public RepeatedCalls(
      Intake intake,
      HeldCalls calls,
      ApiProcesses processes,
      ClientTimeouts timeouts,
      Settings settings,
      CoarseTimer timer,
      Clock clock) {
    this.intake = intake;
    this.calls = calls;
    this.processes = processes;
    this.timeouts = timeouts;
    this.settings = settings;
    this.timer = timer;
    this.clock = clock;
    processes.onProbe(this::probe);
  }

  /** Registers a reply whose client waits for a job here, until the registration is closed. */
  Waiters.Waiting registerReply(JobId job, Reply reply) {
    return waiting.add(job, reply);
  }

  private void probe(JobId job) {
    Set<Reply> replies = waiting.of(job);
    if (replies.isEmpty()) {
      return;
    }
    for (int probes = 0; probes < PROBES && replies.stream().allMatch(Reply::reached); probes++) {
      if (probes > 0 && !pause(PROBE_INTERVAL)) {
        return;
      }
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

  /** Whether the call may join the job of an earlier one. */
  static boolean mayJoin(Submission submission) {
    // An idempotency key or no_cache defines the effect of a repetition explicitly.
    return submission.options().idempotencyKey() == null && !submission.options().noCache();
  }

  /** The job that the call joins; empty if it gets a new job. */
  Optional<Joined> join(Call call, Submission submission) {
    String digest = intake.digest(submission);
    try {
      boolean handedOver = false;
      for (HeldCall seen : calls.find(digest)) {
        // Only the latest handed-over operation counts, even if it has ended: a client that asked
        // for a new one does not want the one before.
        boolean superseded = handedOver && seen.state() == State.HANDED_OVER;
        handedOver |= seen.state() == State.HANDED_OVER;
        Job job = superseded ? null : joinableJob(call, digest, seen);
        if (job != null && intake.joinable(submission, job)) {
          HeldCall record = tryJoin(call, submission, digest, seen, job);
          if (record != null) {
            return Optional.of(new Joined(job, record));
          }
        }
      }
    } catch (QueueUnavailableException e) {
      log.debug(
          "Redis is not available, so a call was not compared with held calls; it runs as a new one",
          e);
    }
    return Optional.empty();
  }

  private @Nullable Job joinableJob(Call call, String digest, HeldCall seen) {
    try {
      Job job = intake.job(call.caller(), seen.job());
      Instant ended = job.times().finishedAt();
      if (ended == null || ended.plus(settings.window()).isAfter(clock.instant())) {
        return job;
      }
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      log.trace("Job {} of a held call is not stored any more", seen.job());
    }
    boolean _ = calls.remove(digest, seen);
    return null;
  }

  /** The record after the call has joined, or null if it does not join. */
  private @Nullable HeldCall tryJoin(
      Call call, Submission submission, String digest, HeldCall seen, Job job) {
    boolean sameConnection = seen.connection().equals(call.sender().connection());
    return switch (seen.state()) {
      case HANDED_OVER ->
          !job.state().terminal()
                  && (sameConnection || intake.policy(submission).retry().repeatable())
              ? seen
              : null;
      case LEFT -> takeOverRecord(call, digest, seen);
      case WAITING -> {
        Duration waited = Duration.between(seen.changed(), clock.instant());
        boolean givenUp = sameConnection && waited.compareTo(PARALLEL_WINDOW) >= 0;
        if (givenUp) {
          timeouts.left(call.caller().owner(), call.sender().client(), waited);
          yield takeOverRecord(call, digest, seen);
        }
        if (waited.compareTo(PARALLEL_WINDOW) < 0) {
          yield processes.isAlive(seen.process()) ? null : takeOverRecord(call, digest, seen);
        }
        yield processes.probeClients(seen.process(), seen.job())
            ? joinIfClientLeft(call, digest, seen)
            : takeOverRecord(call, digest, seen);
      }
    };
  }

  // The probe may just have detected that the client has disconnected; its process then stores
  // LEFT.
  private @Nullable HeldCall joinIfClientLeft(Call call, String digest, HeldCall seen) {
    for (int checks = 0; checks < RECHECKS; checks++) {
      HeldCall now =
          calls.find(digest).stream()
              .filter(held -> held.job().equals(seen.job()))
              .findFirst()
              .orElse(null);
      if (now != null && now.state() == State.LEFT) {
        return takeOverRecord(call, digest, now);
      }
      if (!seen.equals(now) || !pause(RECHECK_DELAY)) {
        return null;
      }
    }
    return null;
  }

  /** Stores that this call waits for the job; null if another call was faster. */
  private @Nullable HeldCall takeOverRecord(Call call, String digest, HeldCall seen) {
    HeldCall waits = state(State.WAITING, call, seen.job(), seen.since());
    return calls.change(digest, seen, waits, RECORD_TTL) ? waits : null;
  }

  private HeldCall state(State state, Call call, JobId job, Instant since) {
    return new HeldCall(job, state, processes.own(), call.sender().connection(), since, now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Tracks a held call.
   *
   * @param joined the call that it has joined, or null if it has joined none
   */
  CallTracker hold(Call call, Submission submission, JobId job, @Nullable Joined joined) {
    return submission.options().idempotencyKey() != null
        ? CallTracker.NONE
        : new StoredTracker(
            call,
            () -> intake.digest(submission),
            job,
            joined != null,
            joined == null ? now() : joined.since(),
            joined == null ? null : joined.record());
  }

  /**
   * Tracks a held call that was held by another request or process before.
   *
   * @param joinedSince the time of the call that it has joined, or null if it has joined none
   * @param waited how long it has been held
   */
  CallTracker takeOver(
      Call call, String digest, JobId job, @Nullable Instant joinedSince, Duration waited) {
    Instant came = joinedSince == null ? now().minus(waited) : joinedSince;
    HeldCall record = null;
    try {
      for (HeldCall seen : calls.find(digest)) {
        if (seen.job().equals(job)) {
          came = seen.since();
          record = resumeRecord(call, digest, seen);
        }
      }
    } catch (QueueUnavailableException e) {
      log.debug(
          "Redis is not available, so the record of a resumed call of job {} was not read", job, e);
    }
    return new StoredTracker(call, () -> digest, job, joinedSince != null, came, record);
  }

  // If a repetition in another session now waits for the job, the stored record is that of the
  // repetition. It differs from the one created here, so changes based on this one have no effect.
  private HeldCall resumeRecord(Call call, String digest, HeldCall seen) {
    boolean sameConnection = seen.connection().equals(call.sender().connection());
    HeldCall next =
        switch (seen.state()) {
          case HANDED_OVER -> seen;
          case LEFT -> takeOverRecord(call, digest, seen);
          case WAITING -> sameConnection ? takeOverRecord(call, digest, seen) : null;
        };
    return next == null ? state(State.WAITING, call, seen.job(), seen.since()) : next;
  }

  private final class StoredTracker implements CallTracker {
    private final Call call;
    private final Supplier<String> digest;
    private final JobId job;
    private final boolean joined;
    private final Instant since;
    // The record that should be stored; null if there is none or it is unknown.
    private @Nullable HeldCall record;
    private boolean stored;
    private boolean forgotten;

    /**
     * @param digest called only when a record is stored, which most calls are too short for
     * @param since when the first call of the job was made
     */
    StoredTracker(
        Call call,
        Supplier<String> digest,
        JobId job,
        boolean joined,
        Instant since,
        @Nullable HeldCall record) {
      this.call = call;
      this.digest = digest;
      this.job = job;
      this.joined = joined;
      this.since = since;
      this.record = record;
      this.stored = record != null;
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
    public void longRunning() {
      if (!stored) {
        store(State.WAITING);
      }
    }

    @Override
    public void connectionLost() {
      var _ = storeLeft();
    }

    @Override
    public void clientLeft() {
      var _ = storeLeft();
    }

    @Override
    public void clientDisconnected() {
      if (settings.grace().isZero()) {
        cancelled();
        intake.abandon(call.caller(), job);
        return;
      }
      HeldCall left = storeLeft();
      if (left != null) {
        var _ = timer.after(settings.grace(), () -> stop(left));
      }
    }

    // A repetition that has joined has changed the record, so this removes nothing.
    private void stop(HeldCall left) {
      try {
        if (calls.remove(digest(), left)) {
          intake.abandon(call.caller(), job);
        }
      } catch (IntakeException | QueueUnavailableException e) {
        log.debug(
            "Job {} continues although its client has left, because it could not be cancelled",
            job,
            e);
      }
    }

    @Override
    public void handedOver() {
      store(State.HANDED_OVER);
    }

    @Override
    public void responseDelivered() {
      forget();
    }

    @Override
    public void cancelled() {
      forget();
    }

    private synchronized void forget() {
      forgotten = true;
      if (stored) {
        quietly(() -> calls.remove(digest(), job));
      }
    }

    private synchronized void store(State state) {
      HeldCall held = state(state, call, job, since);
      stored = true;
      record = quietly(() -> calls.put(digest(), held, RECORD_TTL)) ? held : null;
    }

    // Not if a repetition has joined or the client has resumed elsewhere, and has replaced the
    // record.
    private synchronized @Nullable HeldCall storeLeft() {
      if (forgotten) {
        return null; // answered or cancelled at the same moment
      }
      HeldCall before = record;
      if (before == null) {
        store(State.LEFT);
        return record;
      }
      // Once is enough: a repetition may just be taking this record over.
      if (before.state() == State.LEFT) {
        return before;
      }
      HeldCall left = state(State.LEFT, call, job, since);
      try {
        if (!calls.change(digest(), before, left, RECORD_TTL)) {
          return null;
        }
        record = left;
      } catch (QueueUnavailableException e) {
        logNotStored(e);
        record = null;
      }
      return record;
    }

    private void logNotStored(QueueUnavailableException e) {
      log.debug(
          "The record of a held call of job {} was not stored; a repetition may not find it",
          job,
          e);
    }

    private boolean quietly(Runnable write) {
      try {
        write.run();
        return true;
      } catch (QueueUnavailableException e) {
        logNotStored(e);
        return false;
      }
    }
  }
}
