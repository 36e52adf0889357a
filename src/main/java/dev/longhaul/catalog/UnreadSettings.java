package dev.longhaul.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Stops the start at settings under {@code longhaul.tools} that no tool reads: with a slip of the
 * pen in its name, a limit would silently not be there. When all tools are registered, and before
 * anything is served.
 */
final class UnreadSettings implements SmartLifecycle {
  private final Environment environment;
  private final ToolCatalogue tools;
  private volatile boolean running;

  UnreadSettings(Environment environment, ToolCatalogue tools) {
    this.environment = environment;
    this.tools = tools;
  }

  @Override
  public void start() {
    List<String> names = tools.all().stream().map(Tool::name).sorted().toList();
    List<String> problems = problems(environment, names);
    if (!problems.isEmpty()) {
      throw new ToolSettingsException(
          "Settings under longhaul.tools that nobody reads:\n- " + String.join("\n- ", problems),
          "Correct the names or leave the settings out. The tools of this process are "
              + String.join(", ", names)
              + "; if one is missing, look whether its jar lies in the directory of LONGHAUL_TOOLS"
              + " and its package in longhaul.tools.scan-packages, in every role. A name with dots"
              + " may be written in brackets: longhaul.tools.[reports.build].timeout.");
    }
    running = true;
  }

  static List<String> problems(Environment environment, Collection<String> tools) {
    var names = new SettingNames(tools);
    List<String> problems = new ArrayList<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variables) {
        ofVariables(names, variables, problems);
      } else if (source instanceof IterableConfigurationPropertySource properties) {
        ofProperties(names, properties, problems);
      }
    }
    return problems.stream().distinct().toList();
  }

  private static void ofProperties(
      SettingNames names, IterableConfigurationPropertySource source, List<String> problems) {
    try (Stream<ConfigurationPropertyName> properties = source.stream()) {
      properties.forEach(name -> {
        String problem = names.problem(name);
        if (problem != null) {
          String place = place(source.getConfigurationProperty(name));
          problems.add(SettingNames.written(name) + place + ": " + problem);
        }
      });
    }
  }

  // Variables lose the shape of names, so they are compared as they are written.
  private static void ofVariables(
      SettingNames names, EnumerablePropertySource<?> source, List<String> problems) {
    for (String variable : source.getPropertyNames()) {
      String problem =
          variable.indexOf('.') < 0
              ? names.problemOfVariable(variable)
              : names.problem(ConfigurationPropertyName.adapt(variable, '.'));
      if (problem != null) {
        problems.add(variable + " in the environment: " + problem);
      }
    }
  }

  private static String place(@Nullable ConfigurationProperty property) {
    return property == null || property.getOrigin() == null
        ? ""
        : " (" + property.getOrigin() + ")";
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before whatever serves or works. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }
}
