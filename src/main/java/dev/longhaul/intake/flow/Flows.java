package dev.longhaul.intake.flow;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowView;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Submits, reads and cancels batches and chains, for all front doors and for beans of an
 * application. All methods throw {@link IntakeException} for errors of the caller and for outages.
 * Batches and chains of another owner are unknown.
 *
 * <pre>{@code
 * FlowView batch = flows.submit(caller,
 *     FlowDraft.batch("thumbnails").job("resize", Map.of("path", "a.png")).allowFailures(), null);
 * }</pre>
 */
public interface Flows {

  /**
   * Validates a batch or chain and stores it. A repeated submission with the same key and content
   * returns the existing one.
   *
   * @param idempotencyKey the caller's name for it, or null
   * @throws IntakeException {@link Refusal.InvalidFlow} if anything is wrong with it, naming each
   *     place
   */
  default FlowView submit(Caller caller, FlowDraft draft, @Nullable String idempotencyKey) {
    return submit(caller, draft.kind(), draft.json(), idempotencyKey);
  }

  /**
   * The same from JSON, in the form of {@code POST /batches} and {@code POST /chains}.
   *
   * @throws IntakeException {@link Refusal.InvalidFlow} if anything is wrong with it, naming each
   *     place
   */
  FlowView submit(
      Caller caller, FlowKind kind, ObjectNode definition, @Nullable String idempotencyKey);

  /** The batch or chain as it is now. */
  FlowView find(Caller caller, FlowKind kind, JobId id);

  /**
   * Waits until it has ended or the time has passed.
   *
   * @return it as it is then
   */
  FlowView await(Caller caller, FlowKind kind, JobId id, Duration wait) throws InterruptedException;

  /** The states of its jobs, in order. */
  List<FlowChild> children(Caller caller, FlowKind kind, JobId id, int first, int limit);

  /**
   * Its jobs with their outcomes, in order; fewer than requested if they are large.
   *
   * @param offset the index of the first job, counted from 0
   * @param limit the maximum number of jobs
   * @param maxChars no further results are read after this many characters; at least one is read
   */
  List<FlowResult> results(
      Caller caller, FlowKind kind, JobId id, int offset, int limit, long maxChars);

  /**
   * The same for the jobs that have ended, in the order of their ends, so that repeated calls
   * return each job once.
   *
   * @param from how many of them were read before
   */
  List<FlowResult> ended(
      Caller caller, FlowKind kind, JobId id, int from, int limit, long maxChars);

  /**
   * Cancels it with all its jobs that have not ended.
   *
   * @throws IntakeException {@link Refusal.FlowFinished} if it has ended
   */
  FlowView cancel(Caller caller, FlowKind kind, JobId id);
}
