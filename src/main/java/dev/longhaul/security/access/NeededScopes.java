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
   * @param role who may use the route with a token that is not limited by a {@link Scope}
   */
  record Need(@Nullable Scope scope, Role role) {}

  /** Who may use a route with a token that is not limited by a {@link Scope}. */
  enum Role {
    EVERYONE,
    /** Who has the scopes of operators; everyone if there are none. */
    OPERATOR,
    /** Who has the scopes of operators; nobody if there are none. */
    KEY_OPERATOR
  }

  private static final Need CALL = new Need(Scope.MCP_CALL, Role.EVERYONE);
  private static final Need FIGURES = new Need(Scope.METRICS_READ, Role.OPERATOR);
  private static final Need ADMIN = new Need(Scope.JOBS_ADMIN, Role.OPERATOR);

  /** Whether a path needs no credential: only health, for load balancers and Kubernetes. */
  boolean none(String path) {
    boolean apiIsNearer = served.api().length() > served.actuator().length();
    return path.equals(served.api() + "/health")
        || (isBelow(path, served.actuator() + "/health")
            && !(apiIsNearer && isBelow(path, served.api())));
  }

  /** What the details of a path need that itself needs no credential. */
  Need ofDetails(String path) {
    return path.equals(served.api() + "/health") ? FIGURES : ADMIN;
  }

  /** What the request needs. One root may be below another one: that with the longest decides. */
  Need of(String method, String path) {
    if (path.equals(served.mcp()) || path.equals(served.sse()) || path.equals(served.messages())) {
      return CALL;
    }
    if (isBelow(path, served.api()) && !isActuators(path)) {
      return inApi(method, path);
    }
    if (isBelow(path, served.actuator())) {
      return METRICS.contains(first(path, served.actuator())) ? FIGURES : ADMIN;
    }
    // Nothing of ours is below the MCP endpoint.
    return isBelow(path, served.mcp()) ? ADMIN : new Need(null, Role.EVERYONE);
  }

  /** Whether a path of the REST API is Actuator's, which is below it, or at the same place. */
  private boolean isActuators(String path) {
    int further = served.actuator().length() - served.api().length();
    return isBelow(path, served.actuator())
        && (further > 0
            || (further == 0 && !ServedPaths.RESOURCES.contains(first(path, served.api()))));
  }

  private Need inApi(String method, String path) {
    String resource = first(path, served.api());
    boolean reads = READING.contains(method);
    return switch (resource) {
      case "keys" -> new Need(Scope.JOBS_ADMIN, Role.KEY_OPERATOR);
      case "statistics" -> FIGURES;
      // What is below a queue names its callers.
      case "queues" -> reads && isQueue(path) ? ofJobs(true) : ADMIN;
      case "upstreams" -> ADMIN;
      case "cache" -> "DELETE".equals(method) ? ADMIN : ofJobs(reads);
      // What we do not know may be anything.
      default -> ServedPaths.RESOURCES.contains(resource) ? ofJobs(reads) : ADMIN;
    };
  }

  /** Whether a path is that of all queues or of one. */
  private boolean isQueue(String path) {
    return path.indexOf('/', served.api().length() + "/queues/".length()) < 0;
  }

  private static Need ofJobs(boolean reads) {
    return new Need(reads ? Scope.JOBS_READ : Scope.JOBS_WRITE, Role.EVERYONE);
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
    return switch (need.role()) {
      case EVERYONE -> true;
      case OPERATOR -> scoped || caller.scopes().containsAll(operators);
      case KEY_OPERATOR ->
          scoped || (!operators.isEmpty() && caller.scopes().containsAll(operators));
    };
  }

  /** All scopes that a token needs, so that a client has to ask its user only once. */
  Set<String> ofTokens(Need need, @Nullable AuthorizedCaller caller) {
    Set<String> texts = new LinkedHashSet<>(everyone);
    Scope scope = need.scope();
    boolean limited = caller != null && caller.limited();
    boolean scoped = limited || (need.role() == Role.KEY_OPERATOR && operators.isEmpty());
    if (scoped && scope != null) {
      texts.add(scope.text());
    } else if (need.role() != Role.EVERYONE) {
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
