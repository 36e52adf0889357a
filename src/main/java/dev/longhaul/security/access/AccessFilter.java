package dev.longhaul.security.access;

import dev.longhaul.job.RequestContext;
import dev.longhaul.security.AuthorizedCaller;
import dev.longhaul.security.CredentialRefusedException;
import dev.longhaul.security.HttpRequestFilter;
import dev.longhaul.security.PresentedToken;
import dev.longhaul.security.Refusal;
import dev.longhaul.security.RefusalWriter;
import dev.longhaul.security.RequestContexts;
import dev.longhaul.security.ServedPaths;
import dev.longhaul.security.apikey.ApiKeys;
import dev.longhaul.security.apikey.KeyUse;
import dev.longhaul.security.oauth.AccessTokens;
import dev.longhaul.security.oauth.ProtectedResource;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requires a sufficient access token or API key with every request; the refusal says where to get a
 * token.
 *
 * <p>Source: MCP 2026-07-28, Authorization; RFC 6750; RFC 9728.
 */
final class AccessFilter implements HttpRequestFilter {
  private static final String RETRY_SECONDS = "5";

  private final @Nullable OAuth oauth;
  private final @Nullable Keys keys;
  private final NeededScopes needed;
  private final RefusalWriter refusals;

  /**
   * @param oauth null if access tokens are not accepted
   * @param keys null if API keys are not accepted
   */
  AccessFilter(
      @Nullable OAuth oauth, @Nullable Keys keys, NeededScopes needed, RefusalWriter refusals) {
    this.oauth = oauth;
    this.keys = keys;
    this.needed = needed;
    this.refusals = refusals;
  }

  /** What checks access tokens. */
  record OAuth(AccessTokens tokens, ProtectedResource resource) {}

  /** What checks API keys, and ends the responses of revoked ones. */
  record Keys(ApiKeys keys, HeldResponses held) {}

  /** A verified credential. */
  private sealed interface Verified {
    AuthorizedCaller caller();

    record Token(AuthorizedCaller caller, String text) implements Verified {
      /** Without the token. */
      @Override
      public String toString() {
        return "a token of " + caller.owner();
      }
    }

    record Key(KeyUse use, HeldResponses held) implements Verified {
      @Override
      public AuthorizedCaller caller() {
        return use.caller();
      }
    }
  }

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = ServedPaths.path(request);
    if (ServedPaths.isMetadata(path) && metadata(request, response, path)) {
      return;
    }
    if (needed.none(path)) {
      chain.doFilter(knownOrNobody(request, path), response);
    } else {
      check(request, response, path, chain);
    }
  }

  /** Responds with the metadata of this resource; without an issuer there is none. */
  private boolean metadata(HttpServletRequest request, HttpServletResponse response, String path)
      throws IOException {
    if (oauth == null) {
      refusals.write(
          request,
          response,
          new Refusal(
              HttpServletResponse.SC_NOT_FOUND,
              "no-authorization-server",
              "No authorization server",
              "This server has no authorization server; it accepts API keys."));
      return true;
    }
    Optional<byte[]> metadata =
        "GET".equals(request.getMethod())
            ? oauth.resource().metadata(request, path)
            : Optional.empty();
    if (metadata.isPresent()) {
      response.setContentType("application/json");
      response.getOutputStream().write(metadata.get());
    }
    return metadata.isPresent();
  }

  /** Health needs no credential; with a sufficient one it has details. */
  private HttpServletRequest knownOrNobody(HttpServletRequest request, String path) {
    try {
      Verified verified = verify(request);
      return permits(verified, needed.ofDetails(path))
          ? new AuthorizedRequest(request, verified.caller())
          : request;
    } catch (CredentialRefusedException e) {
      return request;
    }
  }

  private void check(
      HttpServletRequest request, HttpServletResponse response, String path, FilterChain chain)
      throws IOException, ServletException {
    NeededScopes.Need need = needed.of(request.getMethod(), path);
    Verified verified;
    try {
      verified = verify(request);
    } catch (CredentialRefusedException e) {
      refuse(request, response, path, oauth == null ? Set.of() : needed.ofTokens(need, null), e);
      return;
    }
    if (!permits(verified, need)) {
      Set<String> scopes =
          switch (verified) {
            case Verified.Key _ -> NeededScopes.ofKeys(need);
            case Verified.Token token -> needed.ofTokens(need, token.caller());
          };
      refuse(request, response, path, scopes, CredentialRefusedException.insufficient(scopes));
      return;
    }
    var authorized = new AuthorizedRequest(request, verified.caller());
    var context = RequestContext.current().by(verified.caller().clientId());
    switch (verified) {
      case Verified.Token token ->
          RequestContexts.within(
              context,
              authorized,
              response,
              (held, answered) -> within(token.text(), held, answered, chain));
      case Verified.Key key ->
          key.held()
              .serve(
                  key.use(),
                  authorized,
                  response,
                  held -> RequestContexts.within(context, authorized, held, chain));
    }
  }

  private static void within(
      String token, ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      PresentedToken.call(
          token,
          () -> {
            chain.doFilter(request, response);
            return token;
          });
    } catch (IOException | ServletException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ServletException(e);
    }
  }

  private boolean permits(Verified verified, NeededScopes.Need need) {
    return switch (verified) {
      case Verified.Key key -> NeededScopes.permitsKey(key.caller(), need);
      case Verified.Token token -> needed.permitsToken(token.caller(), need);
    };
  }

  /**
   * Verifies the request's credential.
   *
   * @throws CredentialRefusedException if there is none, it is wrong, or cannot be verified now
   */
  private Verified verify(HttpServletRequest request) {
    Credential credential = Credential.of(request, keys != null, oauth != null);
    if (keys != null && (credential.isKey() || oauth == null)) {
      return new Verified.Key(keys.keys().check(credential.text()), keys.held());
    }
    if (keys != null) {
      // A configured key need not look like one that was made here.
      Optional<KeyUse> configured = keys.keys().configured(credential.text());
      if (configured.isPresent()) {
        return new Verified.Key(configured.get(), keys.held());
      }
    }
    if (oauth == null) {
      throw CredentialRefusedException.invalidKey();
    }
    return new Verified.Token(oauth.tokens().check(credential.text()), credential.text());
  }

  private void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      String path,
      Collection<String> scopes,
      CredentialRefusedException refused)
      throws IOException {
    if (refused.refusal().status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
      response.setHeader("Retry-After", RETRY_SECONDS);
    } else {
      response.setHeader("WWW-Authenticate", challenge(request, path, scopes, refused));
    }
    refusals.write(request, response, refused.refusal());
  }

  private String challenge(
      HttpServletRequest request,
      String path,
      Collection<String> scopes,
      CredentialRefusedException refused) {
    // Without an issuer there is nowhere to send the client to: no parameter tells it anything.
    if (oauth == null && refused.refusal().status() == HttpServletResponse.SC_UNAUTHORIZED) {
      return "Bearer";
    }
    StringBuilder text = new StringBuilder("Bearer ");
    if (refused.error() != null) {
      text.append("error=\"").append(refused.error()).append("\", ");
    }
    if (!scopes.isEmpty()) {
      text.append("scope=\"").append(String.join(" ", scopes)).append("\", ");
    }
    if (oauth != null) {
      String metadata = oauth.resource().metadataUrl(request, path);
      text.append("resource_metadata=\"").append(metadata).append("\", ");
    }
    text.setLength(text.length() - ", ".length());
    return text.toString();
  }
}
