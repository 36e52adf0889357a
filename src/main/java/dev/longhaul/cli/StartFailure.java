package dev.longhaul.cli;

import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/**
 * Words why an application context did not start. Spring Boot's own report goes to the log, which a
 * command does not have.
 */
final class StartFailure {
  private StartFailure() {}

  /**
   * Asks the failure analyzers, as Spring Boot does.
   *
   * @param contexts the context that did not start; empty when none was made
   */
  static CommandFailedException explain(
      Throwable failure, List<ConfigurableApplicationContext> contexts) {
    for (FailureAnalyzer analyzer : analyzers(contexts)) {
      FailureAnalysis analysis = analyzer.analyze(failure);
      if (analysis != null) {
        return new CommandFailedException(
            analysis.getDescription(), Objects.requireNonNullElse(analysis.getAction(), ""));
      }
    }
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    return new CommandFailedException(
        Objects.requireNonNullElseGet(root.getMessage(), root::toString), "");
  }

  private static List<FailureAnalyzer> analyzers(List<ConfigurableApplicationContext> contexts) {
    ArgumentResolver arguments = ArgumentResolver.none();
    for (ConfigurableApplicationContext context : contexts) {
      arguments =
          ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
              .and(Environment.class, context.getEnvironment());
    }
    // An analyzer that needs what is not there is left out.
    return SpringFactoriesLoader.forDefaultResourceLocation(StartFailure.class.getClassLoader())
        .load(FailureAnalyzer.class, arguments, FailureHandler.handleMessage((_, _) -> {}));
  }
}
