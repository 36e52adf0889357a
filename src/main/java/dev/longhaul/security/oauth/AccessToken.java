package dev.longhaul.security.oauth;

import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a checked token says about its bearer. The token itself is not kept, so that it can reach no
 * log, no job and no other server.
 *
 * @param name who calls: the owner of what is submitted
 * @param clientId the OAuth client it was issued to (RFC 9068, {@code client_id}; {@code azp} of
 *     OpenID Connect), or null
 * @param scopes what the bearer may do, with everything that broader scopes imply
 */
record AccessToken(String name, @Nullable String clientId, Set<String> scopes)
    implements Principal {
  @Override
  public String getName() {
    return name;
  }
}
