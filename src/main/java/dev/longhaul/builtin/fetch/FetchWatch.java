package dev.longhaul.builtin.fetch;

import java.util.List;

/**
 * Follows the progress of a fetch and can stop it. Called in the thread that called {@link
 * UrlFetcher#fetch}.
 */
public interface FetchWatch {
  /** Ignores progress and never stops. */
  FetchWatch NOBODY =
      new FetchWatch() {
        @Override
        public boolean stopRequested() {
          return false;
        }

        @Override
        public void finished(List<UrlOutcome> soFar, int total) {}

        @Override
        public void stopped(List<UrlOutcome> soFar, int total) {}
      };

  /** Whether fetching should stop. */
  boolean stopRequested();

  /**
   * Another URL is done.
   *
   * @param soFar the outcomes so far, in the order of the URLs
   */
  void finished(List<UrlOutcome> soFar, int total);

  /** Fetching has stopped as requested. May throw. */
  void stopped(List<UrlOutcome> soFar, int total);
}
