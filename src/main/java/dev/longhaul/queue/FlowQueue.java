package dev.longhaul.queue;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Batches and chains of jobs, together called flows. One is opened, its children are staged in as
 * many calls as it takes, and then it is sealed: only from there on it is promised and does
 * anything. Every call is durable when it returns and may be repeated, so that whoever dies in
 * between, or does not hear the answer, says everything again; started and cancelled children go on
 * without the caller too.
 *
 * <p>A child ends once, and is then counted once. A result that says isError counts as a failure.
 * At the first failure of a child the callback {@code catch} starts, and children that are not
 * running are cancelled unless failures are allowed; so are the steps behind a step of a chain that
 * failed or was cancelled. Once every child has ended, {@code then} starts if the flow completed
 * ({@link FlowState}), and {@code finally} in any case. A callback starts together with what causes
 * it; one whose cause did not come is forgotten. Callbacks are found by {@link FlowRef#of},
 * children by {@link FlowRef#job}. {@link JobQueue#watch} tells of a flow's changes as of a job's.
 *
 * <p>Every method throws {@link QueueUnavailableException} when the store cannot be reached.
 */
public interface FlowQueue {

  /**
   * Begins a batch or chain. One that is not sealed within {@code longhaul.flows.max-staging} is
   * cancelled, and none of its callbacks starts.
   *
   * @return its id, of the same kind as a job's; for a known idempotency key the id of the one that
   *     has it, which may be sealed already. Whoever died while he staged it goes on by saying
   *     everything again. A key whose flow was cancelled before it was sealed is free
   * @throws QueueFullException when the store's memory is nearly used up
   * @throws IdempotencyConflictException when a key was used before with other content
   */
  JobId open(FlowRequest request);

  /**
   * Stores children, to be started later. A child that is stored already stays as it was; an
   * idempotency key of a child means nothing.
   *
   * @param first the index of the first of them, counted from 0
   * @throws FlowNotOpenException when it is unknown, or would get children after it was sealed
   * @throws QueueFullException when a queue could not hold the children, or memory nearly is full
   * @throws QueueDrainingException when the operator lets a child's queue run empty
   * @throws IllegalArgumentException for too many children, or another owner than the flow's
   */
  void stage(JobId flow, int first, List<JobRequest> children);

  /**
   * Stores callbacks, at most {@link FlowCallback#MOST} of a kind, with what {@link #stage} throws.
   * One that is stored already stays as it was.
   */
  void callbacks(JobId flow, Map<FlowCallback, List<JobRequest>> callbacks);

  /**
   * All children are there: starts them, or the first step of a chain. Once it has returned, the
   * flow goes on whatever becomes of the caller.
   *
   * @param total how many children it has
   * @throws IllegalStateException when some of them are missing; stage them, and seal again
   * @throws FlowNotOpenException when it is unknown, has ended or was sealed with another total
   * @throws QueueFullException when a queue cannot hold the children now; seal again later
   * @throws QueueDrainingException when the operator lets a child's queue run empty
   */
  void seal(JobId flow, int total);

  /** The flow as it is now, or empty if it is unknown or forgotten. */
  Optional<FlowView> find(JobId flow);

  /**
   * The children from that index on, in order.
   *
   * @param limit how many at most, 1 to {@link JobFilter#MAX_LIMIT}
   */
  List<FlowChild> children(JobId flow, int first, int limit);

  /**
   * The indexes of the children that have ended, in the order in which they did. An entry never
   * changes, so whoever goes on from where he stopped meets each child once.
   *
   * @param from how many of them to leave out
   * @param limit how many at most, 1 to {@link JobFilter#MAX_LIMIT}
   */
  List<Integer> ended(JobId flow, int from, int limit);

  /** Marks that the id is being handed to a client, so that no disconnect cancels the flow. */
  void handOut(JobId flow);

  /** Cancels the flow at once, and its children that have not ended; running ones too. */
  JobQueue.CancelAnswer cancel(JobId flow);
}
