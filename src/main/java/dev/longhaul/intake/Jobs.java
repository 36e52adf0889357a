package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.JobPage;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/**
 * Dispatches jobs from Java: any method the server serves, from any bean in any process, also from
 * within a tool. The jobs are the same as those of REST and MCP.
 *
 * <p>Within a tool the jobs belong to the tool's caller, elsewhere to the application ({@link
 * Caller#APPLICATION}). {@link #as} acts for another caller.
 *
 * <p>Every method throws {@link IntakeException}: {@link Refusal.UnknownJob} for a job that does
 * not exist or belongs to another owner, and the corresponding refusal for a request that cannot be
 * dispatched.
 */
public interface Jobs {

  /** The same interface for this caller. */
  Jobs as(Caller caller);

  /**
   * Stores a job without waiting for it.
   *
   * @param method {@code tools/call}, or one of {@link dev.longhaul.catalog.ServedMethods#NAMES}
   * @param params the method's params: anything that Jackson writes as a JSON object, such as a map
   * @param options its options
   * @return the stored job; for a known idempotency key the existing one
   */
  Job dispatch(String method, Object params, JobOptions options);

  /** Stores a job that runs as policy and settings say. */
  default Job dispatch(String method, Object params) {
    return dispatch(method, params, JobOptions.NONE);
  }

  /** Stores a call of a tool. */
  default Job call(String tool, Object arguments, JobOptions options) {
    return dispatch(Submission.TOOLS_CALL, Map.of("name", tool, "arguments", arguments), options);
  }

  /** Stores a call of a tool that runs as its policy says. */
  default Job call(String tool, Object arguments) {
    return call(tool, arguments, JobOptions.NONE);
  }

  /**
   * Stores a job and waits for its end. A job that is still running when the wait ends is not
   * cancelled.
   *
   * @param wait the longest wait; keep it short within a tool, which occupies its slot during the
   *     wait
   */
  Executed execute(String method, Object params, JobOptions options, Duration wait)
      throws InterruptedException;

  /** The job as it is now. */
  Job status(JobId id);

  /**
   * How the job ended.
   *
   * @throws IntakeException {@link Refusal.NotFinished} if it has not
   * @throws IntakeException {@link Refusal.ResultExpired} if its result has expired
   */
  Outcome result(JobId id);

  /**
   * The result as an object. For tools/call it is read from the structured content if there is any,
   * otherwise from the text: unchanged for a String, else parsed as JSON. For any other method it
   * is the whole result.
   *
   * @throws JobFailedException if the job did not complete, or its tool returned an error
   * @throws IllegalArgumentException if the result does not fit the type
   */
  <T> T result(JobId id, Class<T> type);

  /** The same for a generic type, such as a list of records. */
  <T> T result(JobId id, TypeReference<T> type);

  /**
   * Waits until the job has ended or the time has passed.
   *
   * @return the job as it is then; check its state
   */
  Job await(JobId id, Duration timeout) throws InterruptedException;

  /**
   * Cancels a job; a running tool is asked to stop.
   *
   * @return the job after that
   * @throws IntakeException {@link Refusal.AlreadyFinished} if it has ended
   */
  Job cancel(JobId id);

  /**
   * Starts a held job: its delay and its deadline count from now.
   *
   * @return the job after that
   * @throws IntakeException {@link Refusal.NotHeld} if it is not held
   */
  Job start(JobId id);

  /**
   * Deletes a job with its result.
   *
   * @param force cancel it first if it has not ended
   * @throws IntakeException {@link Refusal.NotFinished} if it has not ended and force is false
   */
  void delete(JobId id, boolean force);

  /** Deletes a job that has ended. */
  default void delete(JobId id) {
    delete(id, false);
  }

  /** The caller's jobs, newest first. */
  JobPage list(JobsFilter filter);
}
