package dev.longhaul.security;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Whether callers must authenticate. The settings decide it when the process starts; nothing that
 * happens later, such as the loss of the last key, opens the server again.
 */
public final class Authentication {
  /** The prefix of the settings of API keys. */
  public static final String API_KEYS = "longhaul.security.api-keys";

  /** The property that makes an API key, or an access token, a condition of every call. */
  public static final String API_KEYS_ENABLED = API_KEYS + ".enabled";

  /** The name that no key can have. */
  public static final String ENABLED = "enabled";

  private static final String VARIABLE = "LONGHAUL_SECURITY_API_KEYS_";

  private Authentication() {}

  /** Whether every caller needs a credential. */
  public static boolean isRequired(Environment environment) {
    return hasIssuer(environment) || acceptsApiKeys(environment);
  }

  /** Whether access tokens are accepted. */
  public static boolean hasIssuer(Environment environment) {
    return environment.containsProperty(SecurityProperties.ISSUER);
  }

  /** Whether API keys are accepted: it is said, or one is configured. */
  public static boolean acceptsApiKeys(Environment environment) {
    return switch (saysOfApiKeys(environment)) {
      case NOTHING, NO -> !configuredKeys(environment).isEmpty();
      case YES, UNCLEAR -> true;
    };
  }

  /** What the property that enables API keys says. */
  public enum Enabled {
    NOTHING,
    YES,
    NO,
    /** It is set, but to nothing or to another word: the server is closed, and does not start. */
    UNCLEAR
  }

  /** What the property that enables API keys says. */
  public static Enabled saysOfApiKeys(Environment environment) {
    Object text = settings(environment).get(ENABLED);
    if (text == null || text instanceof Map) {
      return Enabled.NOTHING; // or there is a key of that name
    }
    // The words that Spring converts to a boolean.
    return switch (text.toString().strip().toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> Enabled.YES;
      case "false", "off", "no", "0" -> Enabled.NO;
      default -> Enabled.UNCLEAR;
    };
  }

  /** The names of the API keys in the settings. */
  public static Set<String> configuredKeys(Environment environment) {
    Set<String> names = new TreeSet<>(settings(environment).keySet());
    if (!hasKeyNamedEnabled(environment)) {
      names.remove(ENABLED);
    }
    names.addAll(unreadVariables(environment));
    return names;
  }

  private static Map<String, Object> settings(Environment environment) {
    return Binder.get(environment)
        .bind(API_KEYS, Bindable.mapOf(String.class, Object.class))
        .orElse(Map.of());
  }

  private static boolean hasKeyNamedEnabled(Environment environment) {
    if (environment instanceof ConfigurableEnvironment configurable) {
      ConfigurationPropertyName enabled = ConfigurationPropertyName.of(API_KEYS_ENABLED);
      for (var source : ConfigurationPropertySources.from(configurable.getPropertySources())) {
        if (source.containsDescendantOf(enabled) == ConfigurationPropertyState.PRESENT) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Environment variables that are meant for a key, but that Spring Boot does not read as one,
   * because API_KEYS is written for APIKEYS. They are keys of impossible names: the server is
   * closed, and does not start.
   */
  public static Set<String> unreadVariables(Environment environment) {
    Set<String> variables = new TreeSet<>();
    if (environment instanceof ConfigurableEnvironment configurable) {
      for (PropertySource<?> source : configurable.getPropertySources()) {
        if (source instanceof SystemEnvironmentPropertySource all) {
          for (String variable : all.getPropertyNames()) {
            String name = variable.toUpperCase(Locale.ROOT);
            if (name.startsWith(VARIABLE) && !name.equals(VARIABLE + "ENABLED")) {
              variables.add(variable);
            }
          }
        }
      }
    }
    return variables;
  }
}
