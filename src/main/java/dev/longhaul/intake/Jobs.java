package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.JobPage;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/**
 * Jobs from Java: any method the server serves, dispatched from any bean and any process, also from
 * within a tool. The jobs are the same as those of REST and MCP.
 *
 * <p>Within a tool they are its caller's; elsewhere they are the application's own ({@link
 * Caller#APPLICATION}), unknown to every other caller. {@link #as} acts for another caller.
 *
 * <p>Every method throws {@link IntakeException}: for a job that is unknown or another owner's
 * {@link Refusal.UnknownJob}, for what cannot be dispatched the corresponding refusal.
 */
public interface Jobs {

  /** The same, for this caller. */
  Jobs as(Caller caller);

  /**
   * Stores a job without waiting for it.
   *
   * @param method {@code tools/call}, or one of {@link dev.longhaul.catalog.ServedMethods#NAMES}
   * @param params the method's params: anything that Jackson writes as an object, such as a map
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
   * @param wait the longest wait; keep it short within a tool, which keeps its slot meanwhile
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
   * The result as an object. Of tools/call it is the structured content if there is any, else the
   * text: as it is for a String, else read as JSON. Of any other method it is the whole result.
   *
   * @throws JobFailedException if the job did not complete, or its tool answered with an error
   * @throws IllegalArgumentException if the result is no such object
   */
  <T> T result(JobId id, Class<T> type);

  /** The result as an object of a generic type, such as a list of records; else the same. */
  <T> T result(JobId id, TypeReference<T> type);

  /**
   * Waits until the job has ended or the time is over, whichever is first.
   *
   * @return the job as it is then: look at its state
   */
  Job await(JobId id, Duration timeout) throws InterruptedException;

  /**
   * Cancels a job; a running tool is told to stop.
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
