package dev.longhaul.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Encrypts if a key is configured, or an {@link Encryption} of the application's own is there. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EncryptionProperties.class)
public class EncryptionConfiguration {
  private static final String PREFIX = "longhaul.security.encryption";

  @Bean
  @ConditionalOnMissingBean
  @Conditional(Configured.class)
  Encryption longhaulEncryption(EncryptionProperties properties) {
    try {
      return encryption(properties);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(PREFIX + ": " + e.getMessage(), e);
    }
  }

  static Encryption encryption(EncryptionProperties properties) {
    Path file = properties.keyFile();
    String key = properties.key();
    if (file == null) {
      return new Encryption(String.valueOf(key), properties.oldKeys());
    }
    if (key != null && !key.isEmpty()) {
      throw new IllegalArgumentException("set key or key-file, not both");
    }
    List<String> keys = keys(file);
    return new Encryption(
        keys.getFirst(),
        Stream.concat(keys.stream().skip(1), properties.oldKeys().stream()).toList());
  }

  private static List<String> keys(Path file) {
    try {
      List<String> lines =
          Files.readString(file, StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      if (lines.isEmpty()) {
        throw new IllegalArgumentException("key-file names a file without a key: " + file);
      }
      return lines;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "key-file names a file that cannot be read: " + file + " (" + e + ")", e);
    }
  }

  /** A key or a file is named. */
  static final class Configured extends AnyNestedCondition {
    Configured() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty(PREFIX + ".key")
    static final class Key {}

    @ConditionalOnProperty(PREFIX + ".key-file")
    static final class KeyFile {}
  }
}
