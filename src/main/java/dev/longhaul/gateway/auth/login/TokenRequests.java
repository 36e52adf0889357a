package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.auth.login.Login.Client;
import dev.longhaul.gateway.auth.login.Login.Tokens;
import dev.longhaul.gateway.auth.login.LoginHttp.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gets, renews and ends the tokens of logins (RFC 6749, sections 4.1.3 and 6; RFC 7009). */
final class TokenRequests {
  private static final int OK = 200;
  private static final int LONGEST_TOKEN = 16_384;
  private static final Duration UNSAID = Duration.ofMinutes(5);
  private static final long LONGEST_SECONDS = Duration.ofDays(30).toSeconds();
  private static final long LONGEST_LOGIN_SECONDS = Duration.ofDays(3_650).toSeconds();

  /** A bearer token (RFC 6750, section 2.1). */
  private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*");

  /** An error code (RFC 6749, section 5.2), which is shown. */
  private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");

  private final LoginHttp http;
  private final String upstream;
  private final Clock clock;

  TokenRequests(LoginHttp http, String upstream, Clock clock) {
    this.http = http;
    this.upstream = upstream;
    this.clock = clock;
  }

  /**
   * Gets the tokens of an authorization code.
   *
   * @param verifier what proves that the code is for this process (RFC 7636)
   * @throws TokenRefusedException if the authorization server refuses
   */
  Tokens exchange(
      AuthorizationServer server,
      Client client,
      String code,
      String redirect,
      String verifier,
      String resource)
      throws LoginFailedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirect);
    form.put("code_verifier", verifier);
    form.put("resource", resource);
    return tokens(server.tokenEndpoint(), client, form, null);
  }

  /**
   * Renews the tokens of a login.
   *
   * @param refresh its refresh token, which stays if the answer has no other one
   * @throws TokenRefusedException if the authorization server refuses
   */
  Tokens refresh(Login login, String refresh) throws LoginFailedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refresh);
    form.put("resource", login.resource());
    return tokens(login.tokenEndpoint(), login.client(), form, login.tokens());
  }

  /** Ends a login at its authorization server. */
  void revoke(Login login, URI endpoint) throws LoginFailedException {
    Map<String, String> form = new LinkedHashMap<>();
    String refresh = login.tokens().refresh();
    form.put("token", refresh == null ? login.tokens().access() : refresh);
    form.put("token_type_hint", refresh == null ? "access_token" : "refresh_token");
    Answer answer = http.post(endpoint, form, identified(login.client(), form), what());
    if (answer.status() != OK) {
      throw new LoginFailedException(
          what() + " has not ended the login: HTTP " + answer.status() + ".");
    }
  }

  private Tokens tokens(
      URI endpoint, Client client, Map<String, String> form, @Nullable Tokens before)
      throws LoginFailedException {
    Instant asked = clock.instant();
    Answer answer = http.post(endpoint, form, identified(client, form), what());
    JsonNode body = answer.body();
    if (answer.status() != OK) {
      String error = body.path("error").stringValue("");
      boolean known = ERROR.matcher(error).matches();
      throw new TokenRefusedException(
          known ? error : "",
          what()
              + " gives no access token: HTTP "
              + answer.status()
              + (known ? ", " + error : "")
              + ".");
    }
    String access = body.path("access_token").stringValue("");
    String refresh = body.path("refresh_token").stringValue(null);
    if (access.length() > LONGEST_TOKEN
        || !BEARER.matcher(access).matches()
        || !body.path("token_type").stringValue("").equalsIgnoreCase("Bearer")
        || (refresh != null && (refresh.isEmpty() || refresh.length() > LONGEST_TOKEN))) {
      throw new LoginFailedException(what() + " has sent no bearer token.");
    }
    Instant refreshUntil = refreshUntil(body, asked);
    return new Tokens(
        access,
        asked,
        asked.plus(lifetime(body.path("expires_in"))),
        refresh == null && before != null ? before.refresh() : refresh,
        refreshUntil == null && refresh == null && before != null
            ? before.refreshUntil()
            : refreshUntil);
  }

  private static Duration lifetime(JsonNode seconds) {
    return seconds.isNumber()
        ? Duration.ofSeconds(Math.clamp(seconds.asLong(0), 0, LONGEST_SECONDS))
        : UNSAID;
  }

  // No standard has it; both names are in use.
  private static @Nullable Instant refreshUntil(JsonNode body, Instant from) {
    JsonNode seconds =
        body.has("refresh_token_expires_in")
            ? body.path("refresh_token_expires_in")
            : body.path("refresh_expires_in");
    long value = seconds.isNumber() ? seconds.asLong(0) : 0;
    return value > 0 ? from.plusSeconds(Math.min(value, LONGEST_LOGIN_SECONDS)) : null;
  }

  /** Identifies the client in the form, or in the header that it returns. */
  private static @Nullable String identified(Client client, Map<String, String> form) {
    String secret = client.secret();
    return switch (client.method()) {
      case NONE -> {
        form.put("client_id", client.id());
        yield null;
      }
      case POST -> {
        form.put("client_id", client.id());
        form.put("client_secret", String.valueOf(secret));
        yield null;
      }
      case BASIC -> {
        String both = encoded(client.id()) + ":" + encoded(String.valueOf(secret));
        yield "Basic "
            + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
      }
    };
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8); // RFC 6749, section 2.3.1
  }

  private String what() {
    return "The authorization server of the upstream " + upstream;
  }
}
