package dev.longhaul.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Stops the start at unknown settings under {@code longhaul}, because a limit with a misspelt name
 * would silently have no effect. Runs when all tools are registered and before anything is served.
 * In the environment and in system properties, which are shared with other software, only names
 * similar to a setting count.
 */
final class UnknownSettingsCheck {
  private static final Logger log = LoggerFactory.getLogger(UnknownSettingsCheck.class);
  private static final String OLD_TOOL_PATH = "LONGHAUL_TOOLS";

  private final Environment environment;
  private final ToolCatalogue tools;
  private final List<String> known;
  private final BooleanSupplier more;

  /**
   * The check.
   *
   * @param known {@link SettingsProperties#known}
   * @param more whether there may be tools that are not known yet, whose settings are checked when
   *     they are
   */
  UnknownSettingsCheck(
      Environment environment, ToolCatalogue tools, List<String> known, BooleanSupplier more) {
    this.known = known;
    this.more = more;
    this.environment = environment;
    this.tools = tools;
  }

  void check() {
    List<String> names = tools.all().stream().map(Tool::name).sorted().toList();
    List<String> problems = problems(environment, names, known, false);
    // Asked only where it matters, because the answer may be in Redis.
    if (!problems.isEmpty() && more.getAsBoolean()) {
      problems = problems(environment, names, known, true);
    }
    if (!problems.isEmpty()) {
      throw new ToolSettingsException(
          "Unknown settings under longhaul:\n- " + String.join("\n- ", problems),
          "Correct the names or leave the settings out. The tools of this process are "
              + String.join(", ", names)
              + "; if one is missing, check that its jar is in the directory of"
              + " LONGHAUL_TOOL_PATH and its package in longhaul.tools.scan-packages, in every role."
              + " A name with dots may be written in brackets:"
              + " longhaul.tools.[reports.build].timeout. An application's own names go into"
              + " longhaul.settings.known.");
    }
    if (environment.getProperty(OLD_TOOL_PATH) != null) {
      log.warn(
          "{} is now called LONGHAUL_TOOL_PATH, which wins where both are set. Rename it: the old"
              + " name will go.",
          OLD_TOOL_PATH);
    }
  }

  static List<String> problems(
      Environment environment, Collection<String> tools, Collection<String> known, boolean more) {
    var names =
        new SettingNames(
            DescribedSettings.read(),
            tools,
            known.stream().map(name -> ConfigurationPropertyName.adapt(name, '.')).toList(),
            more);
    List<String> problems = new ArrayList<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variables) {
        ofVariables(names, variables, problems);
      } else if (source.getUnderlyingSource() instanceof PropertySource<?> properties
          && properties
              .getName()
              .equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
        ofProperties(names, source, names::isMisspelt, problems);
      } else {
        ofProperties(names, source, _ -> true, problems);
      }
    }
    return problems.stream().distinct().toList();
  }

  private static void ofProperties(
      SettingNames names,
      ConfigurationPropertySource source,
      Predicate<ConfigurationPropertyName> ours,
      List<String> problems) {
    if (!(source instanceof IterableConfigurationPropertySource properties)) {
      return;
    }
    try (Stream<ConfigurationPropertyName> all = properties.stream()) {
      all.forEach(name -> {
        String problem = names.problem(name);
        if (problem != null && ours.test(name)) {
          String place = place(source.getConfigurationProperty(name));
          problems.add(SettingNames.written(name) + place + ": " + problem);
        }
      });
    }
  }

  // The name of a variable does not determine that of its property, so variables are compared as
  // they are.
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
}
