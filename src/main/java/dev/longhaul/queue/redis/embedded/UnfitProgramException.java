package dev.longhaul.queue.redis.embedded;

/** One candidate cannot be our server; the next may. */
class UnfitProgramException extends Exception {
  private static final long serialVersionUID = 1L;

  UnfitProgramException(String message) {
    super(message);
  }
}
