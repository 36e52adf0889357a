package dev.longhaul.builtin.fetch;

import java.util.List;

/** Who follows a fetch. Called in the thread that called {@link UrlFetcher#fetch}. */
public interface FetchWatch {
  /** Nobody. */
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

  /** Whether fetching is to stop. */
  boolean stopRequested();

  /** One more URL is done; its outcome is the last. */
  void finished(List<UrlOutcome> soFar, int total);

  /** Fetching has stopped because it was to. May throw. */
  void stopped(List<UrlOutcome> soFar, int total);
}
