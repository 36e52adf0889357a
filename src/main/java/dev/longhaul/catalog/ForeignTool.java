package dev.longhaul.catalog;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * How the policy of a tool of another origin differs from that of an own one.
 *
 * @param settings where it has settings besides {@code longhaul.tools.<name>}, which wins
 * @param trusted whether its hints say that it is repeatable
 * @param queue the queue in which all its jobs wait, or null for that of the settings
 */
public record ForeignTool(
    List<ConfigurationPropertyName> settings, boolean trusted, @Nullable String queue) {
  /**
   * The waits between attempts that nobody has configured. Only failures to reach the tool are
   * retried unless it is repeatable, and those often end soon.
   */
  static final List<Duration> BACKOFF =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120));

  public ForeignTool {
    settings = List.copyOf(settings);
  }

  /** The settings of a tool in those of its upstream. */
  public static List<ConfigurationPropertyName> settings(String upstream, String tool) {
    ConfigurationPropertyName policies =
        ConfigurationPropertyName.of("longhaul.upstreams")
            .append("[" + upstream + "]")
            .append("tools.policies");
    return List.of(
        ConfigurationPropertyName.adapt(policies + "." + tool, '.'),
        policies.append("[" + tool + "]"));
  }
}
