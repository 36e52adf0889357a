package dev.longhaul.gateway.auth;

import dev.longhaul.gateway.config.ClientCredentials;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.session.UpstreamPeers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/** The configured headers of an upstream, and its access token if it has client credentials. */
final class UpstreamIdentity implements UpstreamPeers.Identity {
  private final BiFunction<String, ClientCredentials, AccessToken> endpoint;
  private final LongSupplier nanos;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(ClientCredentials credentials, UpstreamTokens tokens) {}

  /**
   * @param endpoint asks for a token for an upstream
   * @param nanos the time
   */
  UpstreamIdentity(
      BiFunction<String, ClientCredentials, AccessToken> endpoint, LongSupplier nanos) {
    this.endpoint = endpoint;
    this.nanos = nanos;
  }

  @Override
  public RequestHeaders of(UpstreamConfig config, Connection.Url url) {
    ClientCredentials credentials = url.credentials();
    if (credentials == null) {
      return RequestHeaders.of(url.headers());
    }
    UpstreamTokens tokens = tokens(config.name(), credentials);
    return challenge -> {
      Map<String, String> headers = new HashMap<>(url.headers());
      headers.put("Authorization", "Bearer " + tokens.get(challenge != null));
      return headers;
    };
  }

  private UpstreamTokens tokens(String upstream, ClientCredentials credentials) {
    return known
        .compute(
            upstream,
            (_, before) ->
                before != null && before.credentials().equals(credentials)
                    ? before
                    : new Known(
                        credentials,
                        new UpstreamTokens(() -> endpoint.apply(upstream, credentials), nanos)))
        .tokens();
  }
}
