package dev.longhaul.ops.production;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the settings make every caller show a credential. */
final class Authentication {
  private static final String API_KEYS = "longhaul.security.api-keys";

  private Authentication() {}

  static boolean isRequired(Environment environment) {
    if (environment.containsProperty("longhaul.security.oauth.issuer")
        || environment.getProperty(API_KEYS + ".enabled", Boolean.class, false)) {
      return true;
    }
    Map<String, Object> keys =
        Binder.get(environment)
            .bind(API_KEYS, Bindable.mapOf(String.class, Object.class))
            .orElse(Map.of());
    return keys.keySet().stream().anyMatch(name -> !name.equals("enabled"));
  }
}
