package dev.longhaul.queue;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The queue of batches and chains of jobs, together called flows. A flow is opened, its children
 * are staged in one or more calls, and then it is sealed; only then is it accepted and started.
 * Every call is durable when it returns and may be repeated, so a caller that failed in between
 * repeats all calls. Starting and cancelling children continues without the caller.
 *
 * <p>A child ends once, and is then counted once. A result that says isError counts as a failure.
 * At the first failure of a child the callback {@code catch} starts, and children that are not
 * running are cancelled unless failures are allowed; so are the steps behind a step of a chain that
 * failed or was cancelled. Once every child has ended, {@code then} starts if the flow completed
 * ({@link FlowState}), and {@code finally} in any case. A callback is started in the same write as
 * its cause; a callback without its cause is deleted. Ids of callbacks come from {@link
 * FlowRef#of}, of children from {@link FlowRef#job}. {@link JobQueue#watch} reports changes of
 * flows as well.
 *
 * <p>Every method throws {@link QueueUnavailableException} when the store is not available.
 */
public interface FlowQueue {

  /**
   * Begins a batch or chain. One that is not sealed within {@code longhaul.flows.max-staging} is
   * cancelled, and none of its callbacks starts.
   *
   * @return its id, of the same form as a job's; for a known idempotency key the id of the existing
   *     flow, which may be sealed already, so that a failed caller can repeat all calls. The key of
   *     a flow that was cancelled before it was sealed is free
   * @throws QueueFullException when the store's memory is nearly used up
   * @throws IdempotencyConflictException when a key was used before with other content
   */
  JobId open(FlowRequest request);

  /**
   * Stores children, which are started later. A child that is stored already is not changed; an
   * idempotency key of a child is ignored.
   *
   * @param first the index of the first of them, counted from 0
   * @throws FlowNotOpenException when it is unknown, or is sealed and would get further children
   * @throws QueueFullException when a queue could not hold the children, or memory is nearly full
   * @throws QueueDrainingException when a child's queue is being drained
   * @throws IllegalArgumentException for too many children, or another owner than the flow's
   */
  void stage(JobId flow, int first, List<JobRequest> children);

  /**
   * Stores callbacks, at most {@link FlowCallback#MOST} of a kind; throws the same as {@link
   * #stage}. A callback that is stored already is not changed.
   */
  void callbacks(JobId flow, Map<FlowCallback, List<JobRequest>> callbacks);

  /**
   * Accepts the flow with all its children and starts them, or the first step of a chain. After it
   * has returned, the flow runs independently of the caller.
   *
   * @param total how many children it has
   * @throws IllegalStateException when children are missing; stage them and seal again
   * @throws FlowNotOpenException when it is unknown, has ended or was sealed with another total
   * @throws QueueFullException when a queue cannot hold the children now; seal again later
   * @throws QueueDrainingException when a child's queue is being drained
   */
  void seal(JobId flow, int total);

  /** The flow as it is now, or empty if it is unknown or has expired. */
  Optional<FlowView> find(JobId flow);

  /**
   * The children from that index on, in order.
   *
   * @param limit how many at most, 1 to {@link JobFilter#MAX_LIMIT}
   */
  List<FlowChild> children(JobId flow, int first, int limit);

  /**
   * The indexes of the children that have ended, in the order of their ends. Entries never change,
   * so reading on from the last position returns each child once.
   *
   * @param from how many of them to skip
   * @param limit how many at most, 1 to {@link JobFilter#MAX_LIMIT}
   */
  List<Integer> ended(JobId flow, int from, int limit);

  /** Marks that a client gets the id, so that a disconnect does not cancel the flow any more. */
  void handOut(JobId flow);

  /** Cancels the flow and its unfinished children, including running ones. */
  JobQueue.CancelAnswer cancel(JobId flow);
}
