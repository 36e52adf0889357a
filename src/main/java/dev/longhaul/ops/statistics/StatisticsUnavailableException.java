package dev.longhaul.ops.statistics;

/** The store of the statistics cannot be reached. */
public final class StatisticsUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StatisticsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
