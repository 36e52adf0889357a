package dev.longhaul.security.oauth;

import static dev.longhaul.security.FrontDoors.isBelow;

import dev.longhaul.security.FrontDoors;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which scopes a request needs. */
final class NeededScopes {
  private final FrontDoors doors;
  private final Set<String> everyone;
  private final Set<String> operators;

  NeededScopes(OAuthProperties properties, FrontDoors doors) {
    this.doors = doors;
    this.everyone = ordered(properties.scopes());
    this.operators = ordered(properties.scopes());
    operators.addAll(properties.adminScopes());
  }

  /** Whether a path is open to all: only health is, for load balancers and Kubernetes. */
  boolean none(String path) {
    return isBelow(path, doors.actuator() + "/health");
  }

  /** All scopes the request needs, so that a client has to ask its user once. */
  Set<String> of(String method, String path) {
    boolean changesQueues = isBelow(path, doors.api() + "/queues") && !"GET".equals(method);
    boolean forgetsForAll = isBelow(path, doors.api() + "/cache") && "DELETE".equals(method);
    return changesQueues || forgetsForAll || isBelow(path, doors.actuator()) ? operators : everyone;
  }

  /** What an operator has. */
  Set<String> operators() {
    return operators;
  }

  private static Set<String> ordered(Iterable<String> scopes) {
    Set<String> set = new LinkedHashSet<>();
    scopes.forEach(set::add);
    return set;
  }
}
