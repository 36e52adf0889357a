package dev.longhaul.security.oauth;

import java.security.Principal;
import java.util.Set;

/**
 * What a checked token says about its bearer. The token itself is not kept, so that it can reach no
 * log, no job and no other server.
 *
 * @param name who calls: the owner of what is submitted
 * @param scopes what the bearer may do, with everything that broader scopes imply
 */
record AccessToken(String name, Set<String> scopes) implements Principal {
  @Override
  public String getName() {
    return name;
  }
}
