package dev.longhaul.job;

/** The pools of the worker of this process, to which others can be added while it runs. */
public interface LocalPools {
  /** What the names of queues begin with whose pools are opened while a worker runs. */
  String RESERVED = "upstream.";

  /** Whether the jobs of a queue run only where a pool was opened for it. */
  static boolean isReserved(String queue) {
    return queue.startsWith(RESERVED);
  }

  /**
   * Opens a pool for one queue. Its jobs run in this process until the pool is closed; before the
   * worker has started, the pool waits for that.
   *
   * @param queue the queue, on which no other pool of this process works
   * @param slots how many of its jobs run at once, at least 1
   * @throws IllegalArgumentException if a pool of this process works on the queue already
   */
  LocalPool open(String queue, int slots);

  /** A pool that was opened. */
  interface LocalPool extends AutoCloseable {
    /**
     * No job is claimed for it any more. Returns at once: jobs that run go on, and how they end is
     * recorded.
     */
    @Override
    void close();
  }
}
