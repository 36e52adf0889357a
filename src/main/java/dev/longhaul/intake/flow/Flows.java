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
 * Batches and chains, for every front door and for beans of an application. All methods throw
 * {@link IntakeException} for what a caller or an outage can cause; those of another owner are
 * unknown.
 *
 * <pre>{@code
 * FlowView batch = flows.submit(caller,
 *     FlowDraft.batch("thumbnails").job("resize", Map.of("path", "a.png")).allowFailures(), null);
 * }</pre>
 */
public interface Flows {

  /**
   * Checks a batch or chain and stores it; it runs whether or not anyone waits. Submitted again
   * under the same key with the same content it is the same one.
   *
   * @param idempotencyKey the caller's name for it, or null
   * @throws IntakeException {@link Refusal.InvalidFlow} if anything is wrong with it, naming each
   *     place
   */
  default FlowView submit(Caller caller, FlowDraft draft, @Nullable String idempotencyKey) {
    return submit(caller, draft.kind(), draft.json(), idempotencyKey);
  }

  /**
   * The same from JSON, as {@code POST /batches} and {@code POST /chains} take it.
   *
   * @throws IntakeException {@link Refusal.InvalidFlow} if anything is wrong with it, naming each
   *     place
   */
  FlowView submit(
      Caller caller, FlowKind kind, ObjectNode definition, @Nullable String idempotencyKey);

  /** The batch or chain as it is now. */
  FlowView find(Caller caller, FlowKind kind, JobId id);

  /**
   * Waits until it has ended or the wait is over, whichever is first.
   *
   * @return it as it is then
   */
  FlowView await(Caller caller, FlowKind kind, JobId id, Duration wait) throws InterruptedException;

  /** How its jobs stand, in their order. */
  List<FlowChild> children(Caller caller, FlowKind kind, JobId id, int first, int limit);

  /**
   * Its jobs with what they ended with, in their order; less than asked for if they are large.
   *
   * @param offset the first one, counted from 0
   * @param limit how many at most
   * @param maxChars after how many characters of results no more are read; one always is
   */
  List<FlowResult> results(
      Caller caller, FlowKind kind, JobId id, int offset, int limit, long maxChars);

  /**
   * The same for the jobs that have ended, in the order in which they did; going on from there
   * meets each job once.
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
