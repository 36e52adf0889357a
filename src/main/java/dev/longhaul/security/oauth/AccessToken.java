package dev.longhaul.security.oauth;

import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a verified token. The token itself is not kept, so that it cannot get into logs,
 * jobs or requests to other servers.
 *
 * @param name the caller, who owns submitted jobs
 * @param clientId the OAuth client it was issued to (RFC 9068, {@code client_id}; {@code azp} of
 *     OpenID Connect), or null
 * @param scopes the scopes, including those implied by broader ones
 */
record AccessToken(String name, @Nullable String clientId, Set<String> scopes)
    implements Principal {
  @Override
  public String getName() {
    return name;
  }
}
