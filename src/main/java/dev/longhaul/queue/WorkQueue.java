package dev.longhaul.queue;

import dev.longhaul.job.Checkpoints;
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

/**
 * The queue for workers: claiming jobs, renewing leases, recording outcomes. All methods follow one
 * rule: without a valid lease, write nothing.
 */
public interface WorkQueue {

  /**
   * Records completions and claims jobs in one round trip. The claim of a job that may be repeated
   * begins its attempt; that of another job is an offer until {@link #start}.
   *
   * @param completions the ended attempts, at most {@link #MAX_BATCH}
   * @param queues the queues to claim from, in order of preference
   * @param claims how many jobs to claim at most
   */
  CompletableFuture<StepAnswer> step(List<Completion> completions, List<String> queues, int claims);

  /** Creates a waiter for jobs with a separate connection; each pool of slots needs one. */
  Waiter newWaiter();

  /**
   * Confirms claims of jobs that must not be repeated, which begins the attempts. Claims of other
   * jobs need no start.
   *
   * @return the confirmed jobs; the others were cancelled or taken over
   */
  CompletableFuture<Set<JobId>> start(List<Claim> claims);

  /** Renews leases, and returns which are lost and which jobs were cancelled. */
  RenewAnswer renew(Map<JobId, LeaseToken> leases);

  /** Stores a running job's progress, if the token is still valid. */
  default CompletableFuture<Boolean> progress(JobId id, LeaseToken token, Progress progress) {
    return progress(id, token, progress, Checkpoints.NONE);
  }

  /** Stores a running job's progress and the steps so far, if the token is still valid. */
  CompletableFuture<Boolean> progress(
      JobId id, LeaseToken token, Progress progress, Checkpoints checkpoints);

  /** All questions of a job, of this attempt and earlier ones, in order. */
  CompletableFuture<List<AskedQuestion>> questions(JobId id);

  /**
   * Stores questions for the client: the job is {@code input_required} until all are answered.
   * Questions with a known key stay as they were, or are not asked if they have an answer.
   *
   * @param first whether this attempt asks for the first time; then unanswered questions of earlier
   *     attempts are not shown any more
   * @return false if this worker's lease is lost
   */
  CompletableFuture<Boolean> ask(
      JobId id, LeaseToken token, List<AskedQuestion> questions, boolean first);

  /**
   * Stores answers in place of a client that has not answered in time, as {@link JobQueue#answer}.
   */
  CompletableFuture<Integer> answer(JobId id, Map<String, String> answers);

  /**
   * Calls the listener when a job's question may have been answered; only a hint to read {@link
   * #questions}.
   */
  JobQueue.Watch onAnswer(Consumer<JobId> listener);

  /** Sends a log message of the tool to the watchers of the job; it is not stored. */
  CompletableFuture<Boolean> log(JobId id, JobLog log);

  /**
   * Ends the lease of a cancelled job whose tool has stopped, and stores its partial result.
   * Allowed once, to the last holder of the lease.
   */
  CompletableFuture<Boolean> attachPartial(JobId id, LeaseToken token, @Nullable Partial partial);

  /**
   * Stores a partial result that can be read while the job runs; it is deleted when the job ends.
   *
   * @return whether this worker still has the lease
   */
  CompletableFuture<Boolean> partial(JobId id, LeaseToken token, Partial partial);

  /**
   * Adds run times to a tool's statistics.
   *
   * @param count the number of calls
   * @param millis their total time
   */
  CompletableFuture<Long> recordTimes(String tool, long count, long millis);

  /**
   * Opens a tool's circuit breaker: for that time its jobs wait in all workers; then one of them
   * probes the tool ({@link Claim#probe}).
   *
   * @return false if it was open already
   */
  CompletableFuture<Boolean> openBreaker(String tool, Duration time);

  /**
   * Closes a tool's circuit breaker: its jobs continue.
   *
   * @return whether it was open
   */
  CompletableFuture<Boolean> closeBreaker(String tool);

  /** Requeues jobs whose leases have expired, or ends those that may not be repeated. */
  ReapAnswer reap(int limit);

  /**
   * Expires all leases if no worker can be alive, because the store is private to this process,
   * which has just started. Otherwise does nothing.
   */
  ReapAnswer reapAfterRestart();

  /**
   * Calls the listener when a running job may have been cancelled; only a hint, which {@link
   * #renew} confirms.
   */
  JobQueue.Watch onCancel(Consumer<JobId> listener);

  /**
   * Calls the listener when a job gets a deadline that is earlier than all others, with the time
   * until then, when a reap is needed. Only a hint; {@link ReapAnswer#nextExpiry} has it too.
   */
  JobQueue.Watch onDeadline(Consumer<Duration> listener);

  /** How long a lease lasts without renewal. */
  Duration lease();

  /** Waits for jobs. */
  interface Waiter extends AutoCloseable {

    /**
     * Claims as soon as there is a job; the result is empty when the wait ends, and may be empty
     * earlier. At most one call at a time.
     *
     * @param claims how many jobs to claim at most; the slots must stay reserved until the result
     */
    CompletableFuture<StepAnswer> claimWhenReady(List<String> queues, int claims, Duration wait);

    /** Ends a waiting {@link #claimWhenReady} early. */
    void stop();

    /** Closes the connection; nothing waits any more. */
    @Override
    void close();
  }

  /** The most completions or claims in one step. */
  int MAX_BATCH = 64;

  /**
   * The result of a step.
   *
   * @param accepted for each completion in order, whether it was accepted
   * @param claims the claimed jobs
   * @param more whether more jobs are queued
   * @param nextDue the time from now until the next scheduled job is due or the next limit frees a
   *     job; null if there is none
   * @param vanished how many queued jobs had no data, which must never happen
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
   * The result of a renewal.
   *
   * @param lost jobs whose lease is lost; nothing more may be written for them
   * @param cancelled cancelled jobs, whose tools must be stopped
   */
  record RenewAnswer(Set<JobId> lost, Set<JobId> cancelled) {}

  /**
   * The result of a reap.
   *
   * @param requeued jobs that were queued again
   * @param ended jobs that became dead because they may not be repeated or lost too many workers
   * @param closed jobs that were ended because they were held for too long or missed their deadline
   * @param broken tools whose circuit breaker is open or being probed
   * @param nextExpiry the time from now until the next lease expires, the next deadline passes, or
   *     a batch or chain needs a reap; null if there is none
   */
  record ReapAnswer(
      Collection<JobId> requeued,
      Collection<JobId> ended,
      Collection<JobId> closed,
      Set<String> broken,
      @Nullable Duration nextExpiry) {}
}
