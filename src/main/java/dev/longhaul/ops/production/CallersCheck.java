package dev.longhaul.ops.production;

import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import dev.longhaul.security.Authentication;
import dev.longhaul.security.BindAddressCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Who can call, who can read Actuator, and whether links in the middle of a call can be forged. */
final class CallersCheck implements ProductionCheck {
  private static final String CALLERS = "authentication";
  private static final String ACTUATOR = "actuator";
  private static final String EXPOSED = "management.endpoints.web.exposure.include";
  private static final String KEYS = "longhaul.mcp.request-state-keys";

  /** Endpoints that tell nothing about callers, settings or memory. */
  private static final Set<String> HARMLESS = Set.of("health", "info", "prometheus", "metrics");

  private final Environment environment;

  CallersCheck(Environment environment) {
    this.environment = environment;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    found.add(callers());
    found.add(actuator());
    found.add(signingKey());
    return found;
  }

  private Finding callers() {
    if (Authentication.isRequired(environment)) {
      return Finding.pass(CALLERS, "Every caller needs an access token or an API key.");
    }
    String address = environment.getProperty("server.address", "");
    return BindAddressCheck.isLoopback(address)
        ? Finding.pass(
            CALLERS,
            "Callers are not authenticated; only this machine can connect (" + address + ").")
        : Finding.fail(
            CALLERS,
            "Everybody who can connect can run every tool: callers are not authenticated, and "
                + (address.isEmpty() ? "every address" : address)
                + " is served.",
            "Set longhaul.security.api-keys.enabled=true and create keys, or set"
                + " longhaul.security.oauth.issuer, or server.address=127.0.0.1.");
  }

  private Finding actuator() {
    Set<String> more =
        new TreeSet<>(
            Binder.get(environment).bind(EXPOSED, Bindable.listOf(String.class)).orElse(List.of()));
    more.removeAll(HARMLESS);
    boolean separate = BindAddressCheck.hasManagementPort(environment);
    String address =
        environment.getProperty(
            separate ? "management.server.address" : "server.address",
            environment.getProperty("server.address", ""));
    if (BindAddressCheck.isLoopback(address)) {
      return Finding.pass(ACTUATOR, "Only this machine can reach Actuator.");
    }
    if (!separate && Authentication.isRequired(environment)) {
      return Finding.pass(ACTUATOR, "Actuator needs credentials, but for health.");
    }
    if (!more.isEmpty()) {
      return Finding.fail(
          ACTUATOR,
          "Everybody who can connect can read " + String.join(", ", more) + " of Actuator.",
          "Leave " + EXPOSED + " at health,info,prometheus, or set management.server.address.");
    }
    return Finding.warn(
        ACTUATOR,
        "Everybody who can connect can read health and metrics.",
        separate
            ? "Let only your monitoring reach port "
                + environment.getProperty("management.server.port")
                + " (management.server.port)."
            : "Set management.server.port to a port that only your monitoring reaches, or let callers"
                + " authenticate.");
  }

  private Finding signingKey() {
    List<String> keys =
        Binder.get(environment).bind(KEYS, Bindable.listOf(String.class)).orElse(List.of());
    return keys.isEmpty() && environment.getProperty(KEYS + "-file", "").isEmpty()
        ? Finding.warn(
            "signing-key",
            "None is set: one is made and kept in Redis, where who reads Redis can read it.",
            "Set "
                + KEYS
                + " to a secret of your own (openssl rand -base64 32), or "
                + KEYS
                + "-file to a file with one.")
        : Finding.pass("signing-key", "One of your own signs.");
  }
}
