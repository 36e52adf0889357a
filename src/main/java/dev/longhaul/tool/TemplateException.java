package dev.longhaul.tool;

/** A template cannot be read, or there is nothing where it points. The message says what to do. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TemplateException(String message) {
    super(message);
  }
}
