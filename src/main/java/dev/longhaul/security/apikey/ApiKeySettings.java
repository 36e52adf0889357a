package dev.longhaul.security.apikey;

import dev.longhaul.security.Authentication;
import dev.longhaul.security.Scope;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * The API keys in the settings, {@code longhaul.security.api-keys.<name>}. Only the digests of
 * their secrets are kept, and no message has a secret.
 */
final class ApiKeySettings {
  private static final int SHORTEST = 32;
  private static final int LONGEST = 512;
  private static final int MOST_SECRETS = 2;

  /** What can be sent as a bearer token (RFC 6750, section 2.1). */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*");

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /**
   * A checked key.
   *
   * @param digests of its secrets, one or two
   */
  record Configured(
      String name, List<String> digests, Set<Scope> scopes, @Nullable Instant expires) {}

  private ApiKeySettings() {}

  /**
   * Reads the keys.
   *
   * @throws ApiKeySettingsException if one of them is wrong, or API keys are disabled and there is
   *     one
   */
  static List<Configured> read(Environment environment) {
    for (String variable : Authentication.unreadVariables(environment)) {
      throw new ApiKeySettingsException(
          variable,
          "is not read: write LONGHAUL_SECURITY_APIKEYS_… (the dash of api-keys is left out).");
    }
    Authentication.Enabled enabled = Authentication.saysOfApiKeys(environment);
    if (enabled == Authentication.Enabled.UNCLEAR) {
      throw new ApiKeySettingsException(
          Authentication.API_KEYS_ENABLED, "is set, but neither to true nor to false.");
    }
    Map<String, ApiKeySetting> written = new TreeMap<>();
    for (String name : Authentication.configuredKeys(environment)) {
      if (name.equals(Authentication.ENABLED)) {
        throw new ApiKeySettingsException(
            Authentication.API_KEYS_ENABLED,
            "has settings below it, but no key can be named enabled: give it another name.");
      }
      if (!ApiKey.isName(name)) {
        throw new ApiKeySettingsException(
            Authentication.API_KEYS, "has a key whose name has not " + ApiKey.NAME_RULE + ".");
      }
      written.put(name, bound(environment, Authentication.API_KEYS + "." + name));
    }
    if (!written.isEmpty() && enabled == Authentication.Enabled.NO) {
      throw new ApiKeySettingsException(
          Authentication.API_KEYS_ENABLED,
          "is false, but there is a key in the settings: remove one of the two.");
    }
    List<Configured> keys = new ArrayList<>();
    Set<String> all = new LinkedHashSet<>();
    written.forEach((name, one) -> {
      Configured key = checked(Authentication.API_KEYS + "." + name, name, one);
      key.digests()
          .forEach(digest -> {
            if (!all.add(digest)) {
              throw new ApiKeySettingsException(
                  Authentication.API_KEYS + "." + name,
                  "has a secret that is configured twice: each key needs secrets of its own.");
            }
          });
      keys.add(key);
    });
    return List.copyOf(keys);
  }

  private static ApiKeySetting bound(Environment environment, String setting) {
    ApiKeySettingsException wrong;
    try {
      return Binder.get(environment)
          .bind(
              ConfigurationPropertyName.of(setting),
              Bindable.of(ApiKeySetting.class),
              new NoUnboundElementsBindHandler(BindHandler.DEFAULT, _ -> true))
          .orElseThrow(() -> new ApiKeySettingsException(setting, "must have secret and scopes."));
    } catch (BindException e) {
      wrong =
          e.getCause() instanceof UnboundConfigurationPropertiesException unknown
              ? unknown(setting, unknown)
              : new ApiKeySettingsException(setting, "cannot be read.");
    }
    // Outside, so that Spring's exception is no cause: its message, and Boot's analysis of it, have
    // the value.
    throw wrong;
  }

  private static ApiKeySettingsException unknown(
      String setting, UnboundConfigurationPropertiesException unknown) {
    return new ApiKeySettingsException(
        setting,
        "has settings that are unknown: "
            + unknown.getUnboundProperties().stream()
                .map(property -> property.getName().toString())
                .collect(Collectors.joining(", "))
            + ". There are secret, secret-sha256, scopes and expires"
            + " (variables: …_SECRET, …_SECRETSHA256, …_SCOPES, …_EXPIRES).");
  }

  private static Configured checked(String setting, String name, ApiKeySetting written) {
    List<String> digests = new ArrayList<>();
    for (String secret : listed(written.secret())) {
      if (secret.length() < SHORTEST) {
        throw new ApiKeySettingsException(
            setting + ".secret",
            "has fewer than "
                + SHORTEST
                + " characters, so it could be guessed. Make one with: openssl rand -hex 32");
      }
      if (secret.length() > LONGEST || !SECRET.matcher(secret).matches()) {
        throw new ApiKeySettingsException(
            setting + ".secret",
            "must have at most "
                + LONGEST
                + " characters, all of A-Z a-z 0-9 - . _ ~ + /, because it is sent in a header.");
      }
      digests.add(Secrets.digest(secret));
    }
    for (String given : listed(written.secretSha256())) {
      String digest = given.toLowerCase(Locale.ROOT);
      if (!DIGEST.matcher(digest).matches()) {
        throw new ApiKeySettingsException(
            setting + ".secret-sha256",
            "must be the SHA-256 of the secret in hexadecimal, 64 characters, as from: echo -n"
                + " \"$SECRET\" | sha256sum");
      }
      digests.add(digest);
    }
    if (digests.isEmpty() || digests.size() > MOST_SECRETS) {
      throw new ApiKeySettingsException(
          setting, "must have one secret, or two while callers change from one to the other.");
    }
    return new Configured(
        name,
        List.copyOf(digests),
        scopes(setting, listed(written.scopes())),
        expires(setting, written.expires()));
  }

  private static Set<Scope> scopes(String setting, List<String> texts) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String text : texts) {
      scopes.add(
          Scope.of(text)
              .orElseThrow(() ->
                  new ApiKeySettingsException(
                      setting + ".scopes",
                      "must be some of " + String.join(", ", Scope.texts()) + ".")));
    }
    if (scopes.isEmpty()) {
      throw new ApiKeySettingsException(
          setting + ".scopes",
          "must have at least one of " + String.join(", ", Scope.texts()) + ".");
    }
    return scopes;
  }

  private static @Nullable Instant expires(String setting, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new ApiKeySettingsException(
          setting + ".expires", "must be a time such as 2027-01-31T00:00:00Z.");
    }
  }

  private static List<String> listed(@Nullable List<String> texts) {
    return texts == null ? List.of() : texts.stream().filter(text -> !text.isBlank()).toList();
  }
}
