package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.auth.login.Login.Client;
import dev.longhaul.gateway.auth.login.Login.Tokens;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.LoginClient;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Logs a person in for an upstream, by an authorization code with PKCE (OAuth 2.1). */
final class LoginFlow {
  private static final String OFFLINE = "offline_access";
  private static final int SECRET_BYTES = 32;

  private final ObservationRegistry observations;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  LoginFlow(ObservationRegistry observations, Clock clock) {
    this.observations = observations;
    this.clock = clock;
  }

  /**
   * Logs in.
   *
   * @param show gets the address to open in a browser
   * @param limit how long the person may take
   * @throws LoginFailedException if nobody is logged in
   */
  Login run(
      String upstream,
      Connection.Url url,
      LoginClient configured,
      Consumer<URI> show,
      Duration limit)
      throws LoginFailedException, InterruptedException {
    String state = secret();
    try (var http = new LoginHttp(url.url(), observations)) {
      AuthorizationServer server = new Discovery(http, upstream, url.url()).find();
      String resource = configured.resource() == null ? server.resource() : configured.resource();
      String scope = scope(server, configured);
      try (var redirect = new Redirect(upstream, configured.redirectPort(), state)) {
        Client client =
            new Registration(http, upstream).client(server, configured, redirect.uri(), scope);
        String verifier = secret();
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("response_type", "code");
        asked.put("client_id", client.id());
        asked.put("redirect_uri", redirect.uri());
        asked.put("state", state);
        asked.put("code_challenge", challenge(verifier));
        asked.put("code_challenge_method", "S256");
        asked.put("resource", resource);
        if (scope != null) {
          asked.put("scope", scope);
        }
        show.accept(address(server.authorizationEndpoint(), asked));
        String code = code(upstream, server, redirect.await(limit));
        Tokens tokens =
            new TokenRequests(http, upstream, clock)
                .exchange(server, client, code, redirect.uri(), verifier, resource);
        return new Login(
            url.address(),
            server.tokenEndpoint(),
            server.revocationEndpoint(),
            client,
            resource,
            tokens);
      }
    }
  }

  private static @Nullable String scope(AuthorizationServer server, LoginClient configured) {
    Set<String> scopes = new LinkedHashSet<>(configured.scopes());
    if (scopes.isEmpty()) {
      if (server.scope() != null) {
        scopes.addAll(Arrays.asList(server.scope().strip().split(" +")));
      }
      if (server.offline()) {
        scopes.add(OFFLINE);
      }
    }
    return scopes.isEmpty() ? null : String.join(" ", scopes);
  }

  private static String code(
      String upstream, AuthorizationServer server, Map<String, String> answer)
      throws LoginFailedException {
    String issuer = answer.get("iss");
    if (issuer == null ? server.namesIssuer() : !issuer.equals(server.issuer())) {
      throw new LoginFailedException(
          "The answer of the browser is not of the authorization server of the upstream "
              + upstream
              + " ("
              + (issuer == null ? "iss is missing" : "iss is " + Shown.text(issuer))
              + ", not "
              + Shown.text(server.issuer())
              + "); it is not used.");
    }
    String error = answer.get("error");
    if (error != null) {
      String description = answer.get("error_description");
      throw new LoginFailedException(
          "The authorization server of the upstream "
              + upstream
              + " refuses: "
              + Shown.text(error)
              + (description == null || description.isBlank()
                  ? "."
                  : " (" + Shown.text(description) + ")."));
    }
    String code = answer.get("code");
    if (code == null || code.isEmpty()) {
      throw new LoginFailedException("The answer of the browser has no code; log in again.");
    }
    return code;
  }

  private static URI address(URI endpoint, Map<String, String> asked) {
    String query =
        asked.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    String before = endpoint.toASCIIString();
    return URI.create(before + (endpoint.getRawQuery() == null ? "?" : "&") + query);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String challenge(String verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
