package dev.longhaul.security.oauth;

import dev.longhaul.security.AuthorizedCaller;
import dev.longhaul.security.CredentialRefusedException;
import dev.longhaul.security.Scope;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.access.hierarchicalroles.NullRoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.web.client.RestTemplate;

/**
 * Verifies access tokens: signature of the issuer, audience, and validity period with a minute of
 * clock skew.
 *
 * <p>Source: MCP 2026-07-28, Authorization, Token Handling; RFC 9068.
 */
public final class AccessTokens {
  private static final Logger log = LoggerFactory.getLogger(AccessTokens.class);
  private static final int ISSUER_TIMEOUT_MS = 5_000;
  private static final int LONGEST_NAME = 255;

  private final JwtDecoder decoder;
  private final RoleHierarchy hierarchy;
  private final String ownerClaim;
  private final TokenOwners owners;
  private final Set<String> adminScopes;
  private final Set<String> limiting;

  public AccessTokens(
      OAuthProperties properties, String issuer, Collection<String> audiences, TokenOwners owners) {
    this.owners = owners;
    this.adminScopes = Set.copyOf(properties.adminScopes());
    Set<String> ours = new LinkedHashSet<>(Scope.texts());
    properties.scopes().forEach(ours::remove); // every token has those
    this.limiting = Set.copyOf(ours);
    // The issuer's metadata is read with the first call, so that this server can start without it.
    this.decoder = new SupplierJwtDecoder(() -> decoder(issuer, properties.jwkSetUri(), audiences));
    this.hierarchy =
        properties.scopeHierarchy().isEmpty()
            ? new NullRoleHierarchy()
            : RoleHierarchyImpl.fromHierarchy(String.join("\n", properties.scopeHierarchy()));
    this.ownerClaim = properties.ownerClaim();
  }

  /**
   * Verifies a token.
   *
   * @throws CredentialRefusedException if it is invalid or cannot be verified now
   */
  public AuthorizedCaller check(String token) {
    Jwt jwt;
    try {
      jwt = decoder.decode(token);
    } catch (BadJwtException e) {
      log.debug("A token is refused: {}", e.getMessage());
      throw CredentialRefusedException.invalid(
          "The access token is expired, not from the authorization server of this server, or not"
              + " meant for this server.");
    } catch (JwtException | JwtDecoderInitializationException e) {
      log.warn("The keys of the authorization server cannot be read: {}", rootMessage(e));
      throw CredentialRefusedException.unavailable(
          "The keys of the authorization server cannot be read at the moment.");
    }
    Object name = jwt.getClaims().get(ownerClaim);
    if (!(name instanceof String text) || !isName(text)) {
      throw CredentialRefusedException.invalid(
          "The access token has no usable claim " + ownerClaim + ", which names the caller.");
    }
    return caller(owners.owner(text), client(jwt), withImplied(scopes(jwt)));
  }

  /**
   * A token with one of our scopes may do what they permit, a token without any what the settings
   * say. The operators' scopes include all of ours.
   */
  private AuthorizedCaller caller(String owner, @Nullable String client, Set<String> scopes) {
    Set<Scope> ours = EnumSet.noneOf(Scope.class);
    scopes.forEach(text -> Scope.of(text).ifPresent(ours::add));
    boolean operator = !adminScopes.isEmpty() && scopes.containsAll(adminScopes);
    Set<String> all = new LinkedHashSet<>(scopes);
    all.addAll(operator ? Scope.texts() : Scope.implied(ours));
    boolean limited = !operator && scopes.stream().anyMatch(limiting::contains);
    return new AuthorizedCaller(owner, client, all, limited);
  }

  private static JwtDecoder decoder(
      String issuer, @Nullable String keys, Collection<String> audiences) {
    var requests = new SimpleClientHttpRequestFactory();
    requests.setConnectTimeout(ISSUER_TIMEOUT_MS);
    requests.setReadTimeout(ISSUER_TIMEOUT_MS);
    var client = new RestTemplate(requests);
    client.setInterceptors(List.of(new IssuerCache()));
    var builder =
        keys == null
            ? NimbusJwtDecoder.withIssuerLocation(issuer)
            : NimbusJwtDecoder.withJwkSetUri(keys).discoverJwsAlgorithms();
    NimbusJwtDecoder decoder = builder.restOperations(client).validateType(false).build();
    decoder.setJwtValidator(validator(issuer, audiences));
    return decoder;
  }

  private static OAuth2TokenValidator<Jwt> validator(String issuer, Collection<String> audiences) {
    // RFC 9068 requires "at+jwt"; many servers use "JWT" or nothing.
    var type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
    type.setAllowEmpty(true);
    var time = new JwtTimestampValidator();
    time.setAllowEmptyExpiryClaim(false);
    return new DelegatingOAuth2TokenValidator<>(
        type,
        time,
        new JwtIssuerValidator(issuer),
        new JwtClaimValidator<@Nullable Collection<String>>(
            "aud", named -> named != null && named.stream().anyMatch(audiences::contains)));
  }

  private static @Nullable String client(Jwt jwt) {
    return Stream.of("client_id", "azp")
        .map(claim -> jwt.getClaims().get(claim))
        .filter(claim -> claim instanceof String text && isName(text))
        .map(String.class::cast)
        .findFirst()
        .orElse(null);
  }

  /** The scopes in {@code scope} (RFC 9068), or in {@code scp}, a list or text of some servers. */
  private static Set<String> scopes(Jwt jwt) {
    return Stream.of("scope", "scp")
        .flatMap(claim -> words(jwt.getClaims().get(claim)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Stream<String> words(@Nullable Object claim) {
    return switch (claim) {
      case String text -> Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty());
      case Collection<?> list -> list.stream().map(String::valueOf);
      case null, default -> Stream.empty();
    };
  }

  private Set<String> withImplied(Set<String> scopes) {
    List<GrantedAuthority> granted =
        scopes.stream().<GrantedAuthority>map(SimpleGrantedAuthority::new).toList();
    return hierarchy.getReachableGrantedAuthorities(granted).stream()
        .map(GrantedAuthority::getAuthority)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isName(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST_NAME
        && text.chars().noneMatch(Character::isISOControl);
  }

  private static @Nullable String rootMessage(Throwable e) {
    return NestedExceptionUtils.getMostSpecificCause(e).getMessage();
  }
}
