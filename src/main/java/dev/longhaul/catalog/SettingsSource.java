package dev.longhaul.catalog;

import dev.longhaul.tool.LonghaulTool;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Where a tool's setting comes from, for messages about an invalid value. */
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
   * The exception for a value of the wrong type; empty if the type does not name the allowed
   * values.
   */
  default Optional<ToolSettingsException> wrong(BindException refused) {
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      String advice = String.valueOf(cause.getMessage());
      if (cause instanceof IllegalArgumentException && advice.startsWith("use ")) {
        return Optional.of(wrong(attribute(refused), said(refused), advice));
      }
    }
    return Optional.empty();
  }

  /** The value that could not be bound. */
  static String said(BindException refused) {
    return refused.getProperty() == null ? "" : String.valueOf(refused.getProperty().getValue());
  }

  /** The attribute whose value could not be bound. */
  static String attribute(BindException refused) {
    ConfigurationPropertyName name = refused.getName();
    int last = name.getNumberOfElements() - (name.isLastElementIndexed() ? 2 : 1);
    String uniform = name.getElement(last, Form.UNIFORM);
    return Arrays.stream(ToolSettings.class.getRecordComponents())
        .map(RecordComponent::getName)
        .filter(component -> component.equalsIgnoreCase(uniform))
        .findFirst()
        .orElse(uniform);
  }

  /**
   * The exception for an invalid value.
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
                      DataObjectPropertyName.toDashedForm(attribute),
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
