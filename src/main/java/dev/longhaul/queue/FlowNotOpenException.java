package dev.longhaul.queue;

/** The batch or chain is unknown or accepts no more children. Nothing was stored. */
public class FlowNotOpenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FlowNotOpenException(String message) {
    super(message);
  }
}
