package dev.longhaul.queue;

import dev.longhaul.job.JobRequest;
import java.util.Optional;

/**
 * The worker of this process, to which {@link JobQueue#submit} hands a job that it can run at once:
 * the script that stores the job leases it, too.
 */
@FunctionalInterface
public interface HandOff {
  /** For a process without a worker. */
  HandOff NONE = _ -> Optional.empty();

  /**
   * Keeps a free slot for a job that is about to be stored.
   *
   * @return empty if this process cannot run it now
   */
  Optional<Place> place(JobRequest request);

  /** A slot that is kept. Exactly one of its methods is called, once, in any thread. */
  interface Place {
    /** The job is stored and leased. Its {@link WorkQueue#start} is as after any claim. */
    void run(Claim claim);

    /** The job waits in the queue, or was refused. */
    void free();

    /**
     * Whether the job was leased is unknown, since the reply was lost. It never runs here; its
     * lease is given back as soon as the store answers.
     */
    void giveBack(Claim claim);
  }
}
