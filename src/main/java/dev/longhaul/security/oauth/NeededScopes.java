package dev.longhaul.security.oauth;

import static dev.longhaul.security.ServedPaths.isBelow;

import dev.longhaul.security.ServedPaths;
import java.util.LinkedHashSet;
import java.util.Set;

/** Determines the scopes that a request needs. */
final class NeededScopes {
  private final ServedPaths served;
  private final Set<String> everyone;
  private final Set<String> operators;

  NeededScopes(OAuthProperties properties, ServedPaths served) {
    this.served = served;
    this.everyone = ordered(properties.scopes());
    this.operators = ordered(properties.scopes());
    operators.addAll(properties.adminScopes());
  }

  /** Whether a path needs no token: only health, for load balancers and Kubernetes. */
  boolean none(String path) {
    return isBelow(path, served.actuator() + "/health") || path.equals(served.api() + "/health");
  }

  /** All scopes that the request needs, so that a client has to ask its user only once. */
  Set<String> of(String method, String path) {
    boolean changesQueues = isBelow(path, served.api() + "/queues") && !"GET".equals(method);
    boolean forgetsForAll = isBelow(path, served.api() + "/cache") && "DELETE".equals(method);
    boolean figures = isBelow(path, served.api() + "/statistics");
    return changesQueues || forgetsForAll || figures || isBelow(path, served.actuator())
        ? operators
        : everyone;
  }

  /** The scopes of an operator. */
  Set<String> operators() {
    return operators;
  }

  private static Set<String> ordered(Iterable<String> scopes) {
    Set<String> set = new LinkedHashSet<>();
    scopes.forEach(set::add);
    return set;
  }
}
