package dev.longhaul.secret;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Keys that encrypt what is stored.
 *
 * @param key What encrypts secrets that are stored, as {@code <id>:<base64>} of 32 bytes, such as
 *     {@code 2026a:} and the output of {@code openssl rand -base64 32}. Without it nothing is
 *     stored that has to be encrypted
 * @param keyFile A file with keys in the same form, one a line: the first one encrypts, the others
 *     only decrypt
 * @param oldKeys Keys that only decrypt, after another one has taken their place
 */
@ConfigurationProperties("longhaul.security.encryption")
public record EncryptionProperties(
    @Nullable String key, @Nullable Path keyFile, @DefaultValue List<String> oldKeys) {

  /** Without the keys. */
  @Override
  public String toString() {
    return "EncryptionProperties[keyFile=" + keyFile + "]";
  }
}
