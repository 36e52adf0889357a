package dev.longhaul.job;

import java.time.Duration;

/** The jobs that run in this process. */
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

  /** How long jobs may keep running after the process has begun to stop. */
  Duration drain();
}
