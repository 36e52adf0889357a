package dev.longhaul.queue.redis.check;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the operator the cause and the remedy instead of a stack trace. */
public class UnusableRedisFailureAnalyzer extends AbstractFailureAnalyzer<UnusableRedisException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnusableRedisException cause) {
    var problem = cause.problem();
    return new FailureAnalysis(problem.description(), problem.action(), cause);
  }
}
