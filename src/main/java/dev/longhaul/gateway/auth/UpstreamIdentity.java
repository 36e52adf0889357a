package dev.longhaul.gateway.auth;

import dev.longhaul.gateway.auth.owner.Assertions;
import dev.longhaul.gateway.config.ClientCredentials;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.OwnerIdentity;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.session.OnBehalf;
import dev.longhaul.gateway.session.UpstreamPeers;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream is told of who calls: its configured headers, this server's access token if it
 * has client credentials, and the owner of the call if it has an identity.
 */
final class UpstreamIdentity implements UpstreamPeers.Identity {
  private final TokenEndpoint endpoint;
  private final Assertions assertions;
  private final LongSupplier nanos;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, KnownOwners> owners = new ConcurrentHashMap<>();

  private record Known(ClientCredentials credentials, UpstreamTokens tokens) {}

  private record KnownOwners(
      ClientCredentials credentials, OwnerIdentity.JwtBearer identity, OwnerTokens tokens) {}

  /**
   * @param nanos the time
   */
  UpstreamIdentity(TokenEndpoint endpoint, Assertions assertions, LongSupplier nanos) {
    this.endpoint = endpoint;
    this.assertions = assertions;
    this.nanos = nanos;
  }

  @Override
  public RequestHeaders of(UpstreamConfig config, Connection.Url url, @Nullable OnBehalf behalf) {
    if (behalf == null) {
      return own(config, url);
    }
    String owner = behalf.owner();
    return switch (config.identity()) {
      case null -> own(config, url);
      case OwnerIdentity.Header(String name, OwnerIdentity.Assertion assertion) -> {
        RequestHeaders own = own(config, url);
        yield challenge -> {
          Map<String, String> headers = new HashMap<>(own.get(challenge));
          headers.put(name, assertions.sign(assertion, Assertions.OWNER, owner));
          return headers;
        };
      }
      case OwnerIdentity.JwtBearer identity -> {
        ClientCredentials credentials = Objects.requireNonNull(url.credentials());
        OwnerTokens tokens = tokens(config.name(), credentials, identity);
        yield challenge -> bearer(url, tokens.get(owner, challenge != null));
      }
    };
  }

  private RequestHeaders own(UpstreamConfig config, Connection.Url url) {
    ClientCredentials credentials = url.credentials();
    if (credentials == null) {
      return RequestHeaders.of(url.headers());
    }
    UpstreamTokens tokens = tokens(config.name(), credentials);
    return challenge -> bearer(url, tokens.get(challenge != null));
  }

  private static Map<String, String> bearer(Connection.Url url, String token) {
    Map<String, String> headers = new HashMap<>(url.headers());
    headers.put("Authorization", "Bearer " + token);
    return headers;
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
                        new UpstreamTokens(() -> endpoint.request(upstream, credentials), nanos)))
        .tokens();
  }

  private OwnerTokens tokens(
      String upstream, ClientCredentials credentials, OwnerIdentity.JwtBearer identity) {
    return owners
        .compute(
            upstream,
            (_, before) ->
                before != null
                        && before.credentials().equals(credentials)
                        && before.identity().equals(identity)
                    ? before
                    : new KnownOwners(
                        credentials,
                        identity,
                        new OwnerTokens(
                            owner ->
                                endpoint.request(
                                    upstream,
                                    credentials,
                                    assertions.sign(identity.assertion(), Assertions.GRANT, owner)),
                            nanos)))
        .tokens();
  }
}
