package dev.longhaul.catalog;

import dev.longhaul.tool.LonghaulTool;

/** Who said something of how a tool runs, to be named when it makes no sense. */
sealed interface SettingsSource {
  /** Configuration, under {@code longhaul.tools.<tool>}. */
  record Configuration(String tool) implements SettingsSource {}

  /**
   * {@link LonghaulTool}.
   *
   * @param where the names of the bean, the class and the method
   */
  record Annotation(String tool, String where) implements SettingsSource {}

  /**
   * The refusal of a value.
   *
   * @param attribute its name in the annotation
   * @param advice what is allowed
   */
  default ToolSettingsException wrong(String attribute, Object value, String advice) {
    return switch (this) {
      case Configuration configured ->
          new ToolSettingsException(
              "%s%s.%s is '%s'; %s."
                  .formatted(
                      ToolPolicies.PREFIX,
                      configured.tool(),
                      DescribedSettings.kebab(attribute),
                      value,
                      advice),
              "Correct the setting, or leave it out.");
      case Annotation annotated ->
          new ToolSettingsException(
              "@LonghaulTool(%s) of the tool %s is '%s'; %s."
                  .formatted(attribute, annotated.tool(), value, advice),
              "Correct the attribute at " + annotated.where() + ", or leave it out.");
    };
  }
}
