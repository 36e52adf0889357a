package dev.longhaul.job;

import java.time.Duration;

/** The jobs that the worker of this process has in hand. */
public interface LocalJobs {
  /** For a process without a worker. */
  LocalJobs NONE =
      new LocalJobs() {
        @Override
        public boolean runs(JobId id) {
          return false;
        }

        @Override
        public Duration drain() {
          return Duration.ZERO;
        }
      };

  /** Whether this process runs that job now. */
  boolean runs(JobId id);

  /** How long the jobs may go on from when the process is told to stop. */
  Duration drain();
}
