package dev.longhaul.gateway.auth.login;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server says of itself (RFC 8414), and what an upstream wants from it.
 *
 * @param issuer who it is
 * @param authorizationEndpoint where a person logs in
 * @param tokenEndpoint where tokens are got
 * @param registrationEndpoint where clients register (RFC 7591), or null
 * @param revocationEndpoint where tokens are ended (RFC 7009), or null
 * @param methods how clients may identify themselves
 * @param namesIssuer whether its answers name it (RFC 9207)
 * @param offline whether it has the scope {@code offline_access}, without which it may give no
 *     refresh token
 * @param resource what the upstream is to it (RFC 8707)
 * @param scope what the upstream asks for, or null
 */
record AuthorizationServer(
    String issuer,
    URI authorizationEndpoint,
    URI tokenEndpoint,
    @Nullable URI registrationEndpoint,
    @Nullable URI revocationEndpoint,
    Set<Login.Method> methods,
    boolean namesIssuer,
    boolean offline,
    String resource,
    @Nullable String scope) {
  AuthorizationServer {
    methods = Set.copyOf(methods);
  }
}
