package dev.longhaul.security.oauth;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Access tokens of an authorization server. Without an issuer none is asked for.
 *
 * @param issuer the authorization server, as its tokens name it in {@code iss}; every call then
 *     needs one of its tokens (a JWT)
 * @param jwkSetUri where its keys are; without it they are found through its metadata (RFC 8414,
 *     OpenID Connect Discovery)
 * @param audiences what a token must name in {@code aud}, one of these; without any, this server's
 *     own addresses below {@code longhaul.mcp.public-url}
 * @param scopes scopes that every call needs
 * @param adminScopes scopes that pausing, resuming and draining queues, invalidating results of all
 *     callers, and Actuator need besides; health is open to all
 * @param scopeHierarchy broader scopes and what they imply, {@code longhaul:admin > longhaul:call}
 * @param ownerClaim the claim that names the owner of jobs; jobs of one owner are unknown to others
 */
@ConfigurationProperties("longhaul.security.oauth")
public record OAuthProperties(
    @Nullable String issuer,
    @Nullable String jwkSetUri,
    @DefaultValue List<String> audiences,
    @DefaultValue List<String> scopes,
    @DefaultValue("longhaul:admin") List<String> adminScopes,
    @DefaultValue List<String> scopeHierarchy,
    @DefaultValue("sub") String ownerClaim) {

  public OAuthProperties {
    audiences = List.copyOf(audiences);
    scopes = List.copyOf(scopes);
    adminScopes = List.copyOf(adminScopes);
    scopeHierarchy = List.copyOf(scopeHierarchy);
    requireUrl(issuer, "issuer");
    requireUrl(jwkSetUri, "jwk-set-uri");
    scopes.forEach(scope -> requireScope(scope, "scopes"));
    adminScopes.forEach(scope -> requireScope(scope, "admin-scopes"));
    if (ownerClaim.isBlank()) {
      throw new IllegalArgumentException("longhaul.security.oauth.owner-claim must not be empty.");
    }
  }

  private static void requireUrl(@Nullable String text, String name) {
    if (text == null) {
      return;
    }
    URI url = parsed(text);
    if (url == null || url.getHost() == null || !isHttp(url)) {
      throw new IllegalArgumentException(
          "longhaul.security.oauth." + name + " must be an http or https URL, not " + text + ".");
    }
  }

  private static boolean isHttp(URI url) {
    return "https".equals(url.getScheme()) || "http".equals(url.getScheme());
  }

  private static @Nullable URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** RFC 6749, section 3.3: printable ASCII without space, quote and backslash. */
  private static void requireScope(String scope, String name) {
    boolean valid =
        !scope.isEmpty()
            && scope.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '\\');
    if (!valid) {
      throw new IllegalArgumentException(
          "longhaul.security.oauth." + name + " has \"" + scope + "\", which is no scope.");
    }
  }
}
