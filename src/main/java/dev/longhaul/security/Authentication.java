package dev.longhaul.security;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

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
  private static final String ENABLED = "enabled";

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
    return environment.getProperty(API_KEYS_ENABLED, Boolean.class, false)
        || !configuredKeys(environment).isEmpty();
  }

  /** The names of the API keys in the settings. */
  public static Set<String> configuredKeys(Environment environment) {
    Map<String, Object> settings =
        Binder.get(environment)
            .bind(API_KEYS, Bindable.mapOf(String.class, Object.class))
            .orElse(Map.of());
    Set<String> names = new TreeSet<>(settings.keySet());
    names.remove(ENABLED);
    return names;
  }
}
