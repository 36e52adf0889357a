package dev.longhaul.queue;

/**
 * The store was not reachable or did not respond in time. Whether the operation took effect is
 * unknown; all operations of the queue may be repeated.
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
