package dev.longhaul.intake;

import dev.longhaul.job.Job;

/**
 * Jobs that their callers name themselves, for front doors whose clients choose the ids. A name
 * belongs to its caller; it is taken for as long as its job is known, and free again when the job
 * is deleted or forgotten. All methods throw {@link IntakeException} and nothing else for what a
 * caller or an outage can cause.
 */
public interface NamedJobs {

  /**
   * Validates a call and stores it as a job under a name, whatever the tool's execution policy
   * says. Of calls that come at the same time under one name one is stored; only where they call
   * different tools, and there are several shards, it may be none.
   *
   * @param name valid Unicode, of any length: only a digest of it is kept
   * @throws IntakeException {@link Refusal.IdempotencyConflict} if a job of the caller has the name
   */
  Job add(Submission submission, String name);

  /**
   * The caller's job of that name.
   *
   * @throws IntakeException {@link Refusal.UnknownJob} if there is none, or no more
   */
  Job find(Caller caller, String name);
}
