package dev.longhaul.security.apikey;

/** An API key in the settings is wrong. The message never has the value. */
final class ApiKeySettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String setting;

  /**
   * @param problem continues a sentence that begins with the setting's name
   */
  ApiKeySettingsException(String setting, String problem) {
    super(setting + " " + problem);
    this.setting = setting;
  }

  String setting() {
    return setting;
  }
}
