package dev.longhaul.catalog;

/** A template is invalid or refers to a missing value. The message says what to do. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Templates in messages are truncated, because callers can make them long. */
  private static final int MOST_SHOWN = 200;

  /** A template or a part of one, truncated for a message. */
  static String shown(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
  }

  public TemplateException(String message) {
    super(message);
  }
}
