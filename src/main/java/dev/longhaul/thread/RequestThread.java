package dev.longhaul.thread;

/** A platform thread that serves requests from outside, see {@link Threads#requests}. */
final class RequestThread extends Thread {
  private boolean calling;

  RequestThread(Runnable requests, String name) {
    super(null, requests, name, 0, false);
    setDaemon(true);
  }

  /**
   * Whether this thread is within a call of {@link PlatformCalls}; used only by the thread itself.
   */
  boolean calling() {
    return calling;
  }

  void calling(boolean calling) {
    this.calling = calling;
  }
}
