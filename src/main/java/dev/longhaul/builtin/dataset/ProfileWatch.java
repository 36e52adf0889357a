package dev.longhaul.builtin.dataset;

import java.util.function.Supplier;

/**
 * Who follows a profile while it is made. Called in the reading thread: before each read of bytes,
 * and every few thousand rows.
 */
public interface ProfileWatch {
  /** Nobody. */
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

  /** Whether reading is to stop. */
  boolean stopRequested();

  /**
   * Reading has come this far.
   *
   * @param soFar makes a profile of the rows read; costs about a millisecond
   */
  void at(long bytesRead, long bytesTotal, long rows, Supplier<DatasetProfile> soFar);

  /**
   * Reading has stopped because it was to. May throw; if it returns, the incomplete profile is the
   * result.
   */
  void stopped(DatasetProfile soFar);
}
