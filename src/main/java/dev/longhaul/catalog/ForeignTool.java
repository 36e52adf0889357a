package dev.longhaul.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * How the policy of a tool of another origin differs from that of an own one.
 *
 * @param settings where it has settings besides {@code longhaul.tools.<name>}, which wins
 * @param trusted whether its hints say that it is repeatable
 * @param queue the queue in which all its jobs wait, or null for that of the settings
 * @param inline whether it may run inline
 */
public record ForeignTool(
    List<ConfigurationPropertyName> settings,
    boolean trusted,
    @Nullable String queue,
    boolean inline) {
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
