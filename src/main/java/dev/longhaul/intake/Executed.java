package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import tools.jackson.core.type.TypeReference;

/** The result of {@link Jobs#execute}: the outcome of the job, or the job that is still running. */
public sealed interface Executed {

  /** The job as it was last read. */
  Job job();

  /** Its id. */
  default JobId id() {
    return job().id();
  }

  /**
   * The job has ended.
   *
   * @param outcome its outcome
   */
  record Finished(Job job, Outcome outcome) implements Executed {

    /**
     * The result as an object, as {@link Jobs#result(JobId, Class)} gives it.
     *
     * @throws JobFailedException if there is none
     */
    public <T> T as(Class<T> type) {
      return TypedResult.of(job, outcome).as(type);
    }

    /** The same for a generic type. */
    public <T> T as(TypeReference<T> type) {
      return TypedResult.of(job, outcome).as(type);
    }
  }

  /** The wait has ended and the job continues; read it by its id. */
  record Pending(Job job) implements Executed {}
}
