package dev.longhaul.security;

import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A caller whose token or API key was verified. The credential itself is not kept, so that it
 * cannot get into logs, jobs or requests to other servers.
 *
 * @param owner the owner of submitted jobs; different for every API key, every caller of every
 *     authorization server, and from the owner of unauthenticated calls
 * @param clientId the OAuth client that a token was issued to (RFC 9068, {@code client_id}; {@code
 *     azp} of OpenID Connect), or null
 * @param scopes the scopes, including those implied by broader ones
 * @param limited whether the caller may do only what a {@link Scope} among its scopes permits
 */
public record AuthorizedCaller(
    String owner, @Nullable String clientId, Set<String> scopes, boolean limited)
    implements Principal {
  /**
   * Begins the owners that Longhaul makes; a name that comes from elsewhere and begins like this is
   * never an owner as it is.
   */
  public static final String RESERVED = "lh:";

  /** Begins the owner of a caller whose name is that of an owner of Longhaul's own. */
  public static final String PRINCIPAL = "principal:";

  public AuthorizedCaller {
    scopes = Set.copyOf(scopes);
  }

  @Override
  public String getName() {
    return owner;
  }

  /** Whether it has a scope. */
  public boolean has(Scope scope) {
    return scopes.contains(scope.text());
  }
}
