package dev.longhaul.catalog;

import dev.longhaul.schema.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Decides whether a name under {@code longhaul} is a known setting, and suggests the nearest one if
 * not.
 *
 * @param described the settings other than those of tools
 * @param tools the tools' names
 * @param hosts names of a host application, each with everything below it
 * @param more whether there may be tools beside these, as those of upstreams
 */
record SettingNames(
    DescribedSettings described,
    Collection<String> tools,
    Collection<ConfigurationPropertyName> hosts,
    boolean more) {
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("longhaul");
  private static final ConfigurationPropertyName TOOLS = ROOT.append("tools");
  private static final String VARIABLE = "LONGHAUL_";
  private static final String TOOL_PATH = "LONGHAUL_TOOL_PATH"; // loader.properties reads it
  private static final Pattern ELEMENT = Pattern.compile("_\\d+(_.*)?$");
  private static final Pattern INDEX = Pattern.compile("(_\\d+_?)?$");

  /** Variables that Kubernetes sets for a service whose name begins with longhaul. */
  private static final Pattern KUBERNETES =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)");

  /** The settings of a tool in the form that users write. */
  static final List<String> ATTRIBUTES = DescribedSettings.attributes(ToolSettings.class);

  /** Why the property is not a known setting; null if it is known or not under {@code longhaul}. */
  @Nullable String problem(ConfigurationPropertyName property) {
    if (!ROOT.isAncestorOf(property) || isRead(property)) {
      return null;
    }
    if (TOOLS.isAncestorOf(property)) {
      return problemOfTool(property);
    }
    for (Map.Entry<ConfigurationPropertyName, List<String>> map : described.maps().entrySet()) {
      ConfigurationPropertyName place = map.getKey();
      if (place.isAncestorOf(property)) {
        int last = property.getNumberOfElements() - 1;
        String attribute = written(property, last, last + 1);
        return "the setting " + attribute + " is " + NearestName.unknown(attribute, map.getValue());
      }
    }
    return nearest(property)
        .map(meant -> "unknown; did you mean \"" + meant + "\"?")
        .orElse("unknown; docs/configuration.md has every name");
  }

  /** The setting whose name is nearest. */
  private Optional<String> nearest(ConfigurationPropertyName property) {
    return described.names().stream()
        .filter(known -> known.isAncestorOf(property))
        .map(SettingNames::written)
        .findFirst()
        .or(() ->
            NearestName.nearest(belowRoot(property), names()).map(meant -> ROOT + "." + meant));
  }

  /** Whether a name differs from that of a setting by one or two letters. */
  boolean isMisspelt(ConfigurationPropertyName property) {
    return NearestName.misspelt(belowRoot(property), names()).isPresent();
  }

  private List<String> names() {
    return described.names().stream().map(SettingNames::belowRoot).toList();
  }

  private static String belowRoot(ConfigurationPropertyName name) {
    return written(name, 1, name.getNumberOfElements());
  }

  private boolean isRead(ConfigurationPropertyName property) {
    return described.names().stream()
            .anyMatch(known -> known.equals(property) || isElement(known, property))
        || hosts.stream().anyMatch(own -> own.equals(property) || own.isAncestorOf(property))
        || described.maps().entrySet().stream()
            .anyMatch(map ->
                map.getKey().isAncestorOf(property)
                    && (map.getValue().isEmpty()
                        || map.getValue().stream()
                            .anyMatch(known -> isBelow(map.getKey(), known, property))));
  }

  /**
   * Whether a property is the attribute of something below a map.
   *
   * @param attribute as in {@link DescribedSettings#attributes}
   */
  private static boolean isBelow(
      ConfigurationPropertyName map, String attribute, ConfigurationPropertyName property) {
    boolean chosen = attribute.endsWith(".*");
    List<String> path =
        List.of((chosen ? attribute.substring(0, attribute.length() - 2) : attribute).split("\\."));
    int first = map.getNumberOfElements() + 1;
    int last =
        property.getNumberOfElements()
            - path.size()
            - (chosen || property.isLastElementIndexed() ? 1 : 0);
    return IntStream.rangeClosed(chosen ? first : Math.max(first, last), last)
        .anyMatch(at ->
            IntStream.range(0, path.size())
                .allMatch(i ->
                    property
                        .getElement(at + i, Form.UNIFORM)
                        .equals(path.get(i).replace("-", ""))));
  }

  /** Whether a property is an element of a list, or of a record that is one. */
  private static boolean isElement(
      ConfigurationPropertyName list, ConfigurationPropertyName property) {
    return list.isAncestorOf(property) && property.isNumericIndex(list.getNumberOfElements());
  }

  private static boolean endsWithOneOf(
      ConfigurationPropertyName property, List<String> attributes) {
    int last = property.getNumberOfElements() - (property.isLastElementIndexed() ? 2 : 1);
    String uniform = property.getElement(last, Form.UNIFORM);
    return attributes.stream().anyMatch(known -> known.replace("-", "").equals(uniform));
  }

  private @Nullable String problemOfTool(ConfigurationPropertyName property) {
    String tool = null;
    String attribute = "";
    for (String name : tools) {
      for (ConfigurationPropertyName place : ToolPolicies.places(name)) {
        if (place.equals(property)) {
          return "has no setting; add one of " + String.join(", ", ATTRIBUTES);
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
    boolean ofATool = last > 2 && endsWithOneOf(property, ATTRIBUTES);
    if (tool == null && ofATool && more) {
      return null;
    }
    if (tool != null && !ofATool) {
      return "the setting " + attribute + " is " + NearestName.unknown(attribute, ATTRIBUTES);
    }
    List<String> possible = new ArrayList<>(tools);
    if (property.getNumberOfElements() == 3) {
      possible.add("scan-packages");
    }
    String unknown = written(property, 2, ofATool ? last : property.getNumberOfElements());
    return "the tool " + unknown + " is " + NearestName.unknown(unknown, possible);
  }

  /**
   * Why the environment variable is not a known setting; null if it is known or does not resemble
   * one. Other variables are allowed, since Kubernetes sets LONGHAUL_PORT and the like for a
   * service of that name.
   */
  @Nullable String problemOfVariable(String variable) {
    String name = INDEX.matcher(variable.toUpperCase(Locale.ROOT)).replaceFirst("");
    if (!name.startsWith(VARIABLE)
        || name.equals(TOOL_PATH)
        || KUBERNETES.matcher(name).matches()) {
      return null;
    }
    Set<String> forms = new HashSet<>();
    described.names().forEach(known -> forms.addAll(variables(known)));
    if (forms.contains(ELEMENT.matcher(name).replaceFirst("")) || isOfMapOrHost(name)) {
      return null;
    }
    List<String> canonical = new ArrayList<>();
    described.names().forEach(known -> canonical.add(variables(known).getFirst()));
    for (String tool : tools) {
      for (String attribute : ATTRIBUTES) {
        canonical.add(VARIABLE + "TOOLS_" + plain(tool) + "_" + plain(attribute));
      }
    }
    if (canonical.contains(name)) {
      return null;
    }
    Optional<String> meant =
        NearestName.misspelt(
                name.substring(VARIABLE.length()),
                canonical.stream().map(form -> form.substring(VARIABLE.length())).toList())
            .map(VARIABLE::concat);
    boolean ofATool =
        name.startsWith(VARIABLE + "TOOLS_")
            && ATTRIBUTES.stream()
                .anyMatch(known ->
                    name.endsWith("_" + plain(known)) || name.endsWith("_" + legacy(known)));
    if (ofATool && more) {
      return null;
    }
    return meant
        .map(form -> "no setting is called like that; did you mean " + form + "?")
        .orElse(ofATool ? "no tool's setting is called like that" : null);
  }

  private boolean isOfMapOrHost(String variable) {
    return hosts.stream()
            .flatMap(own -> variables(own).stream())
            .anyMatch(own -> variable.equals(own) || variable.startsWith(own + "_"))
        || described.maps().entrySet().stream()
            .anyMatch(map ->
                variables(map.getKey()).stream().anyMatch(place -> variable.startsWith(place + "_"))
                    && map.getValue().stream()
                        .flatMap(attribute -> Stream.of(plain(attribute), legacy(attribute)))
                        .anyMatch(attribute ->
                            attribute.endsWith("*")
                                ? variable.contains(
                                    "_" + attribute.substring(0, attribute.length() - 1))
                                : variable.endsWith("_" + attribute)));
  }

  /**
   * The environment variables that Spring Boot reads for a name: the canonical form, and the form
   * with an underscore for each dash.
   */
  private static List<String> variables(ConfigurationPropertyName name) {
    String text = written(name);
    return List.of(plain(text), legacy(text));
  }

  private static String plain(String setting) {
    return setting.toUpperCase(Locale.ROOT).replaceAll("[_-]", "").replace('.', '_');
  }

  private static String legacy(String setting) {
    return setting.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private static boolean inList(
      ConfigurationPropertyName list, ConfigurationPropertyName property) {
    return list.equals(property)
        || (property.isLastElementIndexed() && list.equals(property.getParent()));
  }

  /** The name as the user wrote it; its {@code toString} omits underscores. */
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
