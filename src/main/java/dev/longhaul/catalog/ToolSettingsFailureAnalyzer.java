package dev.longhaul.catalog;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the cause and the remedy of a {@link ToolSettingsException} instead of a stack trace. */
public class ToolSettingsFailureAnalyzer extends AbstractFailureAnalyzer<ToolSettingsException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ToolSettingsException cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
  }
}
