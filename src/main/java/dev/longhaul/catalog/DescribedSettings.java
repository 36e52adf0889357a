package dev.longhaul.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of Longhaul's settings, from the configuration metadata that the build generates.
 *
 * @param names settings with a fixed name
 * @param maps settings with a name chosen by the operator, such as {@code longhaul.worker.pools},
 *     and the attributes below it ({@link #attributes}); none if it has a plain value, such as
 *     {@code longhaul.queue.weights}
 */
record DescribedSettings(
    List<ConfigurationPropertyName> names, Map<ConfigurationPropertyName, List<String>> maps) {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final Pattern MAP =
      Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(.+)>");

  /** Set by the application itself, or read without a properties record. */
  private static final List<String> OTHERS =
      List.of("longhaul.standalone", "longhaul.tools", "longhaul.tools.scan-packages");

  static DescribedSettings read() {
    List<ConfigurationPropertyName> names = new ArrayList<>();
    OTHERS.forEach(name -> names.add(ConfigurationPropertyName.of(name)));
    Map<ConfigurationPropertyName, List<String>> maps = new LinkedHashMap<>();
    for (JsonNode property : metadata().path("properties")) {
      String name = property.path("name").asString();
      if (!name.startsWith("longhaul.")) {
        continue;
      }
      var map = MAP.matcher(property.path("type").asString(""));
      if (map.matches()) {
        maps.put(ConfigurationPropertyName.of(name), attributes(map.group(1)));
      } else {
        names.add(ConfigurationPropertyName.of(name));
      }
    }
    return new DescribedSettings(names, maps);
  }

  /**
   * The components of a record in the form that users write: {@code a.b} for a component of a
   * record inside it, {@code a.*} for one whose names the operator chooses.
   */
  static List<String> attributes(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(component -> attributes(type, component))
        .toList();
  }

  private static Stream<String> attributes(Class<?> type, RecordComponent component) {
    String name = DataObjectPropertyName.toDashedForm(component.getName());
    if (component.getType() == Map.class) {
      return Stream.of(name + ".*");
    }
    return component.getType().isRecord() && component.getType().getDeclaringClass() == type
        ? attributes(component.getType()).stream().map(inner -> name + "." + inner)
        : Stream.of(name);
  }

  // None if what is below a chosen name is a plain value.
  private static List<String> attributes(String type) {
    Class<?> named = ClassUtils.resolveClassName(type, DescribedSettings.class.getClassLoader());
    return named.isRecord() ? attributes(named) : List.of();
  }

  // Every jar may have a file of this name. Longhaul's is next to its classes, or at the root of
  // the runnable jar.
  private static JsonNode metadata() {
    ClassLoader loader = DescribedSettings.class.getClassLoader();
    String own = DescribedSettings.class.getName().replace('.', '/') + ".class";
    String place = Objects.requireNonNull(loader.getResource(own)).toString();
    String root = place.substring(0, place.length() - own.length());
    try {
      List<URL> all = Collections.list(loader.getResources(METADATA));
      for (URL one : all) {
        if (one.toString().equals(root + METADATA)) {
          return read(one);
        }
      }
      for (URL one : all) {
        JsonNode read = read(one);
        if (read.path("properties").valueStream().anyMatch(DescribedSettings::isOurs)) {
          return read;
        }
      }
      throw new FileNotFoundException(METADATA);
    } catch (IOException e) {
      throw new IllegalStateException("Longhaul's jar is incomplete: it has no " + METADATA, e);
    }
  }

  private static boolean isOurs(JsonNode property) {
    return property.path("name").asString("").startsWith("longhaul.mcp.");
  }

  private static JsonNode read(URL metadata) throws IOException {
    try (InputStream in = metadata.openStream()) {
      return JsonMapper.shared().readTree(in);
    }
  }
}
