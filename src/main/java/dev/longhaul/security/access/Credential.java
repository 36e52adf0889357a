package dev.longhaul.security.access;

import dev.longhaul.security.CredentialRefusedException;
import dev.longhaul.security.apikey.ApiKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The credential that a request brings, not yet verified.
 *
 * @param isKey whether it is an API key, by its header or its beginning; otherwise it may be a
 *     token or a configured key
 */
record Credential(String text, boolean isKey) {
  /** The header for keys only. */
  static final String KEY_HEADER = "X-API-Key";

  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*");

  /** RFC 6750, section 2.1. */
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +([A-Za-z0-9\\-._~+/]+=*) *");

  private static final Pattern IN_QUERY =
      Pattern.compile("(?i)(^|&)(access_token|x-api-key|api[-_]?key)=|=lh_[A-Za-z0-9_-]{40}");

  /**
   * Reads it.
   *
   * @param keys whether keys are accepted; if not, their header is ignored
   * @throws CredentialRefusedException if there is none, more than one, or it is in the address
   */
  static Credential of(HttpServletRequest request, boolean keys, boolean tokens) {
    String query = request.getQueryString();
    if (query != null && IN_QUERY.matcher(query).find()) {
      throw CredentialRefusedException.malformed(
          "An access token or API key in the address ends up in logs and histories: send it in the"
              + " header Authorization, and consider this one disclosed.");
    }
    List<String> bearers = Collections.list(request.getHeaders("Authorization"));
    List<String> named = keys ? Collections.list(request.getHeaders(KEY_HEADER)) : List.of();
    if (bearers.isEmpty() && named.isEmpty()) {
      throw tokens ? CredentialRefusedException.missing() : CredentialRefusedException.missingKey();
    }
    if (named.isEmpty()) {
      String text = bearer(bearers);
      return new Credential(text, keys && text.startsWith(ApiKeys.PREFIX));
    }
    String key = named.getFirst();
    if (named.size() > 1 || !VALUE.matcher(key).matches()) {
      throw CredentialRefusedException.invalid("There must be one header X-API-Key with the key.");
    }
    if (!bearers.isEmpty() && !bearer(bearers).equals(key)) {
      throw CredentialRefusedException.invalid(
          "The headers X-API-Key and Authorization have different credentials: send one of them.");
    }
    return new Credential(key, true);
  }

  private static String bearer(List<String> headers) {
    var match = BEARER.matcher(headers.getFirst());
    if (headers.size() > 1 || !match.matches()) {
      throw CredentialRefusedException.invalid(
          "There must be one header Authorization with Bearer, a space, and the token.");
    }
    return match.group(1);
  }

  /** Without the credential itself, which must not get into logs. */
  @Override
  public String toString() {
    return isKey ? "an API key" : "a token or an API key";
  }
}
