package dev.longhaul.intake;

import dev.longhaul.job.Job;

/**
 * Jobs with names chosen by their callers, for front doors whose clients choose the ids. A name
 * belongs to its caller. It is in use until its job is deleted or expires. All methods throw {@link
 * IntakeException}, and nothing else, for errors of the caller and for outages.
 */
public interface NamedJobs {

  /**
   * Validates a call and stores it as a job under a name, whatever the tool's execution policy
   * says. Of concurrent calls with the same name one is stored; if they call different tools and
   * there are several shards, possibly none.
   *
   * @param name valid Unicode, of any length; only its digest is stored
   * @throws IntakeException {@link Refusal.IdempotencyConflict} if a job of the caller has the name
   */
  Job add(Submission submission, String name);

  /**
   * The caller's job of that name.
   *
   * @throws IntakeException {@link Refusal.UnknownJob} if there is none, or it has expired
   */
  Job find(Caller caller, String name);
}
