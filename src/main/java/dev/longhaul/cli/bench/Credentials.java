package dev.longhaul.cli.bench;

import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * How the calls authenticate.
 *
 * @param token an access token or an API key for {@code Authorization: Bearer}
 * @param apiKey an API key for {@code X-API-Key}
 */
record Credentials(@Nullable String token, @Nullable String apiKey) {
  void addTo(HttpRequest.Builder request) {
    if (token != null) {
      request.setHeader("Authorization", "Bearer " + token);
    }
    if (apiKey != null) {
      request.setHeader("X-API-Key", apiKey);
    }
  }

  @Override
  public String toString() {
    return "Credentials"; // never shown
  }
}
