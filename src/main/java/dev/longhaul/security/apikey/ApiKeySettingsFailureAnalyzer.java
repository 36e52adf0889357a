package dev.longhaul.security.apikey;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the operator which setting is wrong, without its value and without a stack trace. */
public class ApiKeySettingsFailureAnalyzer
    extends AbstractFailureAnalyzer<ApiKeySettingsException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ApiKeySettingsException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Change " + cause.setting() + "; docs/authorization.md shows an example.",
        cause);
  }
}
