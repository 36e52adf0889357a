package dev.longhaul.cli;

/** A command could not do what it was asked for; the exit code is 1. */
public final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String action;

  /**
   * @param description what went wrong, as a sentence
   * @param action what the user can do about it, as a sentence; may be empty
   */
  public CommandFailedException(String description, String action) {
    super(description);
    this.action = action;
  }

  public String action() {
    return action;
  }
}
