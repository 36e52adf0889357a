package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The queue as a worker sees it. Rule of every method: without a valid lease, write nothing. */
public interface WorkQueue {

  /**
   * One round trip: records what ended and claims more.
   *
   * @param completions jobs that ended, at most {@link #MAX_BATCH}
   * @param queues the queues to claim from, in order of preference
   * @param claims how many jobs to claim at most
   */
  CompletableFuture<StepAnswer> step(List<Completion> completions, List<String> queues, int claims);

  /** Waits for jobs on a connection of its own; one for each pool of slots. */
  Waiter newWaiter();

  /**
   * Turns an offer into a running attempt.
   *
   * @return those that are now this worker's; the others were cancelled or taken over
   */
  CompletableFuture<Set<JobId>> start(List<Claim> claims);

  /** Prolongs leases, and says which are lost and which jobs were cancelled. */
  RenewAnswer renew(Map<JobId, LeaseToken> leases);

  /** Stores a running job's progress, if the token is still valid. */
  CompletableFuture<Boolean> progress(JobId id, LeaseToken token, Progress progress);

  /** What a job has asked its client so far, on this attempt and on earlier ones, in order. */
  CompletableFuture<List<AskedQuestion>> questions(JobId id);

  /**
   * The tool asks its client: the job is {@code input_required} until all of these are answered.
   * Questions whose key is known already are asked again as they were, or not at all if they have
   * an answer.
   *
   * @param first whether this attempt asks for the first time: what earlier attempts asked and got
   *     no answer to is then no longer shown
   * @return false if this worker may not write for the job any more
   */
  CompletableFuture<Boolean> ask(
      JobId id, LeaseToken token, List<AskedQuestion> questions, boolean first);

  /** Answers for the client: nobody did in time. As {@link JobQueue#answer}. */
  CompletableFuture<Integer> answer(JobId id, Map<String, String> answers);

  /** Calls the listener when a job was answered; a hint, {@link #questions} is the truth. */
  JobQueue.Watch onAnswer(Consumer<JobId> listener);

  /** Tells whoever watches the job what its tool said; nobody may be there to hear it. */
  CompletableFuture<Boolean> log(JobId id, JobLog log);

  /**
   * The tool of a cancelled job has stopped: gives up the lease, and attaches what it had produced.
   * Allowed once, to the last holder.
   */
  CompletableFuture<Boolean> attachPartial(JobId id, LeaseToken token, @Nullable Partial partial);

  /**
   * Stores what a job's tool has so far, for whoever reads it while the job runs; its end takes
   * that away.
   *
   * @return whether the job is still this worker's
   */
  CompletableFuture<Boolean> partial(JobId id, LeaseToken token, Partial partial);

  /**
   * Adds to the history of a tool's run times.
   *
   * @param count how many calls
   * @param millis how long they took together
   */
  CompletableFuture<Long> recordTimes(String tool, long count, long millis);

  /**
   * The tool fails too often: for that time its jobs wait, whichever worker they come to; then one
   * of them tries ({@link Claim#probe}).
   *
   * @return whether it was not open already
   */
  CompletableFuture<Boolean> openBreaker(String tool, Duration time);

  /**
   * The tool works again: its jobs go on.
   *
   * @return whether its breaker was open
   */
  CompletableFuture<Boolean> closeBreaker(String tool);

  /** Returns jobs of lost workers to the line, or ends those that may not be repeated. */
  ReapAnswer reap(int limit);

  /**
   * Takes back every lease there is, when it is certain that no worker is alive: the store is this
   * process's own and it has just started. Otherwise does nothing.
   */
  ReapAnswer reapAfterRestart();

  /** Calls the listener when a running job is cancelled; a hint, {@link #renew} is the truth. */
  JobQueue.Watch onCancel(Consumer<JobId> listener);

  /**
   * Calls the listener when a job gets a deadline that is earlier than those before, with the time
   * until then: a reap ends what is not finished. A hint; {@link ReapAnswer#nextExpiry} says it
   * too.
   */
  JobQueue.Watch onDeadline(Consumer<Duration> listener);

  /** How long a lease lasts without renewal. */
  Duration lease();

  /** Waits for jobs. */
  interface Waiter {

    /**
     * Claims as soon as a job is there, or answers empty when the wait ends, or now and then before
     * that. At most one at a time.
     *
     * @param claims how many jobs to claim at most; the slots stay reserved until the answer
     */
    CompletableFuture<StepAnswer> claimWhenReady(List<String> queues, int claims, Duration wait);

    /** Ends a waiting {@link #claimWhenReady} early; it then answers with what there is. */
    void stop();
  }

  /** The most completions or claims in one step. */
  int MAX_BATCH = 64;

  /**
   * What a step did.
   *
   * @param accepted per completion, in order, whether it was accepted
   * @param claims the jobs claimed
   * @param more whether jobs are still waiting in line
   * @param nextDue when the next scheduled job becomes due or the next limit lets one through, from
   *     now; null if none will
   * @param vanished how many jobs were in line whose data is gone, which must never be
   */
  record StepAnswer(
      List<Boolean> accepted,
      List<Claim> claims,
      boolean more,
      @Nullable Duration nextDue,
      long vanished) {
    public static final StepAnswer EMPTY = new StepAnswer(List.of(), List.of(), false, null, 0);
  }

  /**
   * What a renewal found.
   *
   * @param lost no longer this worker's; whatever it still does must not be written
   * @param cancelled ended by a cancel; stop the tool
   */
  record RenewAnswer(Set<JobId> lost, Set<JobId> cancelled) {}

  /**
   * What a reap did.
   *
   * @param requeued given back to the line, to be run again
   * @param ended ended as dead because they may not be repeated, or lost too many workers
   * @param closed ended because nobody came for them: held for too long, or not finished by their
   *     deadline
   * @param broken tools whose circuit breaker is open, or one job tries whether it may close
   * @param nextExpiry when the first of the leases ends if it is not renewed, the next deadline is
   *     over, or a batch or chain wants a reap, from now; null if there is none of these
   */
  record ReapAnswer(
      Collection<JobId> requeued,
      Collection<JobId> ended,
      Collection<JobId> closed,
      Set<String> broken,
      @Nullable Duration nextExpiry) {}
}
