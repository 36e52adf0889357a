package dev.longhaul.builtin.dataset;

import java.util.function.Supplier;

/**
 * Follows the progress of a profile and can stop it. Called in the reading thread, before each read
 * of bytes and every few thousand rows.
 */
public interface ProfileWatch {
  /** Ignores progress and never stops. */
  ProfileWatch NOBODY =
      new ProfileWatch() {
        @Override
        public boolean stopRequested() {
          return false;
        }

        @Override
        public void at(
            long bytesRead, long bytesTotal, long rows, Supplier<DatasetProfile> soFar) {}

        @Override
        public void stopped(DatasetProfile soFar) {}
      };

  /** Whether reading should stop. */
  boolean stopRequested();

  /**
   * Reports progress.
   *
   * @param soFar computes a profile of the rows read so far, in about a millisecond
   */
  void at(long bytesRead, long bytesTotal, long rows, Supplier<DatasetProfile> soFar);

  /**
   * Reading has stopped as requested. May throw; if it returns, the incomplete profile is the
   * result.
   */
  void stopped(DatasetProfile soFar);
}
