package dev.longhaul.catalog;

/** A setting is invalid or unknown, so the application does not start. */
public class ToolSettingsException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String action;

  /**
   * @param description what is wrong, by the name of the setting or attribute
   * @param action what to do
   */
  public ToolSettingsException(String description, String action) {
    super(description);
    this.action = action;
  }

  /** The remedy, as a sentence. */
  public String action() {
    return action;
  }
}
