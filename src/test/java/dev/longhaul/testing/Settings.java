package dev.longhaul.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.annotation.AnnotationUtils;
import tools.jackson.databind.json.JsonMapper;

/** Binds records of settings as Spring Boot does, and lists the names of their settings. */
public final class Settings {
  private static final Path METADATA =
      Path.of("target/classes/META-INF/spring-configuration-metadata.json");

  private Settings() {}

  /** The record that Spring Boot binds from these properties and the defaults. */
  public static <T> T of(Class<T> type, Map<String, ?> properties) {
    var annotation = AnnotationUtils.findAnnotation(type, ConfigurationProperties.class);
    if (annotation == null) {
      throw new IllegalArgumentException(type + " has no @ConfigurationProperties");
    }
    String prefix = String.valueOf(AnnotationUtils.getValue(annotation));
    return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix, type);
  }

  /** The record that Spring Boot binds from the defaults alone. */
  public static <T> T defaults(Class<T> type) {
    return of(type, Map.of());
  }

  /** The names of its settings as users write them, from the metadata that the build generates. */
  public static List<String> names(Class<?> type) {
    try {
      return JsonMapper.shared()
          .readTree(Files.readString(METADATA))
          .path("properties")
          .valueStream()
          .filter(property -> {
            String source = property.path("sourceType").asString("").replace('$', '.');
            String name = String.valueOf(type.getCanonicalName());
            return source.equals(name) || source.startsWith(name + ".");
          })
          .map(property -> property.path("name").asString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
