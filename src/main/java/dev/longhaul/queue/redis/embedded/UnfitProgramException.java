package dev.longhaul.queue.redis.embedded;

/** A candidate program cannot be used; the next one is tried. */
class UnfitProgramException extends Exception {
  private static final long serialVersionUID = 1L;

  UnfitProgramException(String message) {
    super(message);
  }
}
