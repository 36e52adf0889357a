package dev.longhaul.security.access;

import static dev.longhaul.security.ServedPaths.isBelow;

import dev.longhaul.security.AuthorizedCaller;
import dev.longhaul.security.Scope;
import dev.longhaul.security.ServedPaths;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Determines what a request needs. API keys, and tokens that are limited by a {@link Scope}, need
 * the scope of the route. Other tokens need the scopes of the settings: those of everyone, and for
 * an operator's routes those of operators.
 */
final class NeededScopes {
  /** The endpoints of Actuator that show figures only. */
  private static final Set<String> METRICS = Set.of("prometheus", "metrics", "statistics");

  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final ServedPaths served;
  private final Collection<String> everyone;
  private final Collection<String> operators;

  /**
   * @param everyone the scopes that every token needs
   * @param operators the scopes that an operator's token needs besides
   */
  NeededScopes(Collection<String> everyone, Collection<String> operators, ServedPaths served) {
    this.served = served;
    this.everyone = List.copyOf(everyone);
    this.operators = List.copyOf(operators);
  }

  /**
   * What a request needs.
   *
   * @param scope the scope of its route; null if any credential is sufficient
   * @param operator whether the route is an operator's
   */
  record Need(@Nullable Scope scope, boolean operator) {}

  /** Whether a path needs no credential: only health, for load balancers and Kubernetes. */
  boolean none(String path) {
    return isBelow(path, served.actuator() + "/health") || path.equals(served.api() + "/health");
  }

  /** Whether a path is of the REST API. */
  boolean isApi(String path) {
    return isBelow(path, served.api());
  }

  /** What the request needs. */
  Need of(String method, String path) {
    if (isBelow(path, served.api())) {
      return inApi(method, first(path, served.api()));
    }
    if (isBelow(path, served.mcp())
        || path.equals(served.sse())
        || path.equals(served.messages())) {
      return new Need(Scope.MCP_CALL, false);
    }
    // Last, because Actuator may be at the root, and then everything else is below it.
    if (isBelow(path, served.actuator())) {
      boolean figures = METRICS.contains(first(path, served.actuator()));
      return new Need(figures ? Scope.METRICS_READ : Scope.JOBS_ADMIN, true);
    }
    return new Need(null, false);
  }

  private static Need inApi(String method, String resource) {
    boolean reads = READING.contains(method);
    boolean concernsAll =
        switch (resource) {
          case "keys" -> true;
          case "queues" -> !reads;
          case "cache" -> "DELETE".equals(method);
          default -> false;
        };
    if (concernsAll) {
      return new Need(Scope.JOBS_ADMIN, true);
    }
    return resource.equals("statistics")
        ? new Need(Scope.METRICS_READ, true)
        : new Need(reads ? Scope.JOBS_READ : Scope.JOBS_WRITE, false);
  }

  private static String first(String path, String root) {
    String below = path.substring(Math.min(path.length(), root.length() + 1));
    int end = below.indexOf('/');
    return end < 0 ? below : below.substring(0, end);
  }

  /** Whether an API key may send the request. */
  static boolean permitsKey(AuthorizedCaller caller, Need need) {
    Scope scope = need.scope();
    return scope == null || caller.has(scope);
  }

  /** Whether a token may send the request. */
  boolean permitsToken(AuthorizedCaller caller, Need need) {
    Scope scope = need.scope();
    if (!caller.scopes().containsAll(everyone)) {
      return false;
    }
    boolean scoped = scope == null || caller.has(scope);
    if (caller.limited()) {
      return scoped;
    }
    return !need.operator() || scoped || caller.scopes().containsAll(operators);
  }

  /** All scopes that a token needs, so that a client has to ask its user only once. */
  Set<String> ofTokens(Need need, @Nullable AuthorizedCaller caller) {
    Set<String> texts = new LinkedHashSet<>(everyone);
    Scope scope = need.scope();
    if (caller != null && caller.limited() && scope != null) {
      texts.add(scope.text());
    } else if (need.operator()) {
      texts.addAll(operators);
    }
    return texts;
  }

  /** The scope that a key needs. */
  static Set<String> ofKeys(Need need) {
    Scope scope = need.scope();
    return scope == null ? Set.of() : Set.of(scope.text());
  }
}
