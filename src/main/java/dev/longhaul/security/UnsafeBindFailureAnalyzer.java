package dev.longhaul.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the operator the cause and the remedy instead of a stack trace. */
public class UnsafeBindFailureAnalyzer extends AbstractFailureAnalyzer<UnsafeBindException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnsafeBindException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Set "
            + cause.property()
            + "=127.0.0.1, or set "
            + SecurityProperties.ISSUER
            + " to have callers of the front doors bring access tokens, or "
            + Authentication.API_KEYS_ENABLED
            + "=true to have them bring API keys, or, if whoever reaches that address may call every tool, set "
            + SecurityProperties.ALLOW_UNAUTHENTICATED
            + "=true and add the names clients use for this server to "
            + AllowedHosts.PROPERTY
            + ".",
        cause);
  }
}
