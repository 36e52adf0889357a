package dev.longhaul.gateway.auth.login;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream asks for with 401 (RFC 6750, section 3; RFC 9728, section 5.1).
 *
 * @param metadata {@code resource_metadata}: where it says which authorization servers it has
 * @param scope {@code scope}: what is needed
 */
record Challenge(@Nullable String metadata, @Nullable String scope) {
  static final Challenge NONE = new Challenge(null, null);
  private static final int LONGEST = 8_192;
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  // An auth-param, whose value is a token or a quoted string (RFC 9110, section 11.2).
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\G[\\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \\t]*=[ \\t]*"
              + "(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]++))[ \\t]*(?=,|$)");

  /** Whether a header asks for a bearer token, or for nothing in particular. */
  static boolean asksForToken(String header) {
    return header.isBlank() || bearer(header) >= 0;
  }

  /** Reads the headers {@code WWW-Authenticate} of a response. */
  static Challenge of(List<String> headers) {
    for (String header : headers) {
      int start = header.length() > LONGEST ? -1 : bearer(header);
      if (start >= 0) {
        return of(header.substring(start));
      }
    }
    return NONE;
  }

  private static Challenge of(String parameters) {
    Map<String, String> found = new HashMap<>();
    Matcher each = PARAMETER.matcher(parameters);
    while (each.find()) {
      String quoted = each.group(2);
      found.putIfAbsent(
          each.group(1).toLowerCase(Locale.ROOT),
          quoted == null ? each.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
    }
    return new Challenge(found.get("resource_metadata"), found.get("scope"));
  }

  // Where the parameters of the scheme Bearer begin; schemes stand at the start or behind a comma.
  private static int bearer(String header) {
    int at = 0;
    boolean quoted = false;
    boolean start = true;
    while (at < header.length()) {
      char c = header.charAt(at);
      if (quoted) {
        at += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == ',') {
        start = true;
      } else if (start && !Character.isWhitespace(c)) {
        start = false;
        Matcher word = TOKEN.matcher(header).region(at, header.length());
        if (word.lookingAt()
            && word.group().equalsIgnoreCase("Bearer")
            && (word.end() == header.length() || header.charAt(word.end()) == ' ')) {
          return word.end();
        }
      }
      at++;
    }
    return -1;
  }
}
