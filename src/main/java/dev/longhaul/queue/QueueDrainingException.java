package dev.longhaul.queue;

/** The queue is being drained and accepts no jobs until it is resumed. Nothing was stored. */
public class QueueDrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public QueueDrainingException(String queue) {
    super(
        "The queue "
            + queue
            + " is being drained and takes no more jobs; try again once its operator has resumed"
            + " it.");
  }
}
