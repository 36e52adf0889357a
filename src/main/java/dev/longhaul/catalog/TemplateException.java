package dev.longhaul.catalog;

/** A template cannot be read, or there is nothing where it points. The message says what to do. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Templates come from callers and can be long. */
  private static final int MOST_SHOWN = 200;

  /** A template, or a part of one, as messages show it. */
  static String shown(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
  }

  public TemplateException(String message) {
    super(message);
  }
}
