package dev.longhaul.ops;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Leaves Spring Boot's tracing out of the application unless an endpoint is configured: otherwise
 * it would make spans that nobody receives, and take time at the start. A host application keeps
 * what it has.
 */
public final class TracesOnDemand implements AutoConfigurationImportFilter, EnvironmentAware {
  /** Where spans are sent; also set by OTEL_EXPORTER_OTLP_ENDPOINT. */
  static final String TRACES = "management.opentelemetry.tracing.export.otlp.endpoint";

  private static final String LOGS = "management.opentelemetry.logging.export.otlp.endpoint";
  private static final String TRACING = "org.springframework.boot.micrometer.tracing.";
  private static final String SDK = "org.springframework.boot.opentelemetry.";

  private Environment environment = new StandardEnvironment();

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public boolean[] match(
      @Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
    boolean host = !environment.getProperty("longhaul.standalone", Boolean.class, false);
    boolean traces = host || isSet(TRACES);
    boolean sdk = traces || isSet(LOGS);
    boolean[] keep = new boolean[autoConfigurationClasses.length];
    for (int i = 0; i < keep.length; i++) {
      String name = autoConfigurationClasses[i];
      keep[i] =
          name == null || ((traces || !name.startsWith(TRACING)) && (sdk || !name.startsWith(SDK)));
    }
    return keep;
  }

  private boolean isSet(String property) {
    return !environment.getProperty(property, "").isBlank();
  }
}
