package dev.longhaul.queue.redis.embedded;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the operator the cause and the remedy instead of a stack trace. */
public class EmbeddedRedisFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedRedisException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedRedisException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
