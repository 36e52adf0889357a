package dev.longhaul.queue;

/**
 * The store could not be reached or did not answer in time. Whether the operation took effect is
 * unknown; every operation of the port may be repeated.
 */
public class QueueUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public QueueUnavailableException(String message) {
    super(message);
  }

  public QueueUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
