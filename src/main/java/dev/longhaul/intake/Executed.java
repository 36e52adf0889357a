package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import tools.jackson.core.type.TypeReference;

/** What {@link Jobs#execute} came to: the end of the job, or the job that goes on. */
public sealed interface Executed {

  /** The job, as it was last seen. */
  Job job();

  /** Its id. */
  default JobId id() {
    return job().id();
  }

  /**
   * The job has ended.
   *
   * @param outcome how
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

  /** The wait is over and the job goes on: ask for it by its id. */
  record Pending(Job job) implements Executed {}
}
