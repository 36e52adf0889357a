package dev.longhaul.catalog;

import dev.longhaul.schema.NearestName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The names under {@code longhaul.tools} that are read, and why another one is not.
 *
 * @param tools the tools' names
 */
record SettingNames(Collection<String> tools) {
  private static final String SCAN_PACKAGES = "scan-packages";
  private static final ConfigurationPropertyName ROOT =
      ConfigurationPropertyName.of("longhaul.tools");
  private static final ConfigurationPropertyName SCAN = ROOT.append(SCAN_PACKAGES);
  private static final String VARIABLE = "LONGHAUL_TOOLS_";
  private static final Pattern INDEX = Pattern.compile("(_\\d+_?)?$");

  /** What a tool can be told, as users write it. */
  static final List<String> ATTRIBUTES =
      Arrays.stream(ToolSettings.class.getRecordComponents())
          .map(RecordComponent::getName)
          .map(SettingsSource::kebab)
          .toList();

  /** Why nobody reads this property, or null if it is none of ours, or is read. */
  @Nullable String problem(ConfigurationPropertyName property) {
    if (!ROOT.isAncestorOf(property) || inList(SCAN, property)) {
      return null;
    }
    String tool = null;
    String attribute = "";
    for (String name : tools) {
      for (ConfigurationPropertyName place : ToolPolicies.places(name)) {
        if (place.equals(property)) {
          return "says nothing; name a setting, one of " + String.join(", ", ATTRIBUTES);
        }
        if (place.isAncestorOf(property)) {
          if (ATTRIBUTES.stream().anyMatch(known -> inList(place.append(known), property))) {
            return null;
          }
          tool = name;
          attribute =
              written(property, place.getNumberOfElements(), property.getNumberOfElements());
        }
      }
    }
    int last = property.getNumberOfElements() - (property.isLastElementIndexed() ? 2 : 1);
    boolean ofATool = last > 2 && isAttribute(property.getElement(last, Form.UNIFORM));
    if (tool != null && !ofATool) {
      return "the setting " + attribute + " is " + NearestName.unknown(attribute, ATTRIBUTES);
    }
    List<String> possible = new ArrayList<>(tools);
    if (property.getNumberOfElements() == 3) {
      possible.add(SCAN_PACKAGES);
    }
    String unknown = written(property, 2, ofATool ? last : property.getNumberOfElements());
    return "the tool " + unknown + " is " + NearestName.unknown(unknown, possible);
  }

  /**
   * Why nobody reads this environment variable; null if it is none of ours, or is read, or does not
   * look like a setting: Kubernetes makes LONGHAUL_TOOLS_PORT and the like for a service of the
   * name longhaul-tools.
   */
  @Nullable String problemOfVariable(String variable) {
    String name = INDEX.matcher(variable.toUpperCase(Locale.ROOT)).replaceFirst("");
    if (!name.startsWith(VARIABLE) || variables(SCAN_PACKAGES).contains(name)) {
      return null;
    }
    Set<String> read = new LinkedHashSet<>();
    tools.forEach(
        tool -> ATTRIBUTES.forEach(attribute -> read.addAll(variables(tool + "." + attribute))));
    if (read.contains(name)) {
      return null;
    }
    Set<String> advised = new TreeSet<>();
    tools.forEach(
        tool -> ATTRIBUTES.forEach(attribute -> advised.add(legacy(tool + "." + attribute))));
    String asSetting = name.substring(VARIABLE.length());
    String meant = NearestName.nearest(asSetting, advised).orElse(null);
    boolean ends =
        ATTRIBUTES.stream()
            .flatMap(attribute -> variables(attribute).stream())
            .anyMatch(end -> name.endsWith("_" + end.substring(VARIABLE.length())));
    if (meant == null && !ends) {
      return null;
    }
    return "no tool's setting is called like that"
        + (meant == null ? "" : "; did you mean " + VARIABLE + meant + "?");
  }

  /** What Spring Boot looks for: without any joining of words, or with an underscore for each. */
  private static List<String> variables(String setting) {
    return List.of(VARIABLE + plain(setting), VARIABLE + legacy(setting));
  }

  private static String plain(String setting) {
    return setting.toUpperCase(Locale.ROOT).replaceAll("[_-]", "").replace('.', '_');
  }

  private static String legacy(String setting) {
    return setting.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private static boolean isAttribute(String uniform) {
    return ATTRIBUTES.stream().anyMatch(known -> known.replace("-", "").equals(uniform));
  }

  private static boolean inList(
      ConfigurationPropertyName list, ConfigurationPropertyName property) {
    return list.equals(property)
        || (property.isLastElementIndexed() && list.equals(property.getParent()));
  }

  /** The name as it was written; its own text leaves the underscores out. */
  static String written(ConfigurationPropertyName property) {
    return written(property, 0, property.getNumberOfElements());
  }

  private static String written(ConfigurationPropertyName property, int begin, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = begin; i < end; i++) {
      String element = property.getElement(i, Form.ORIGINAL);
      if (i > begin && property.chop(i + 1).isLastElementIndexed()) {
        text.append('[').append(element).append(']');
      } else {
        text.append(i == begin ? "" : ".").append(element);
      }
    }
    return text.toString();
  }
}
