package dev.longhaul.security;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an API key permits, and what an access token can be limited to. */
public enum Scope {
  /** All calls over MCP, and the caller's own jobs there. */
  MCP_CALL("mcp:call"),
  /** GET of the REST API. */
  JOBS_READ("jobs:read"),
  /** Everything else of the REST API that concerns the caller's own jobs. */
  JOBS_WRITE("jobs:write"),
  /** Queues, API keys, cached results of all callers, and all of Actuator but metrics. */
  JOBS_ADMIN("jobs:admin"),
  /** Metrics and statistics. */
  METRICS_READ("metrics:read");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** As it is written in settings, keys and tokens. */
  public String text() {
    return text;
  }

  /** The scope of that text, or empty if there is none. */
  public static Optional<Scope> of(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
  }

  /** The texts of all scopes. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Scope::text).toList();
  }

  /** The texts of these scopes, in the order of this class, and of those that they imply. */
  public static Set<String> implied(Collection<Scope> scopes) {
    Set<Scope> all = EnumSet.noneOf(Scope.class);
    all.addAll(scopes);
    if (all.contains(JOBS_ADMIN)) {
      all.addAll(List.of(JOBS_READ, JOBS_WRITE));
    }
    Set<String> texts = new LinkedHashSet<>();
    all.forEach(scope -> texts.add(scope.text));
    return texts;
  }
}
