package dev.longhaul.worker;

/** Takes the completions of jobs that ran, and records them in the queue. */
interface Completions {

  /** Records a completion soon; never blocks. */
  void report(Report report);

  /**
   * The same, called by the thread that ran the job: it may open a connection, which a thread of
   * Netty must not.
   */
  void reportHere(Report report);
}
