package dev.longhaul.gateway.auth;

import dev.longhaul.gateway.auth.login.LoginTokens;
import dev.longhaul.gateway.auth.owner.Assertions;
import dev.longhaul.gateway.auth.owner.OwnerToken;
import dev.longhaul.gateway.auth.owner.SealedTokens;
import dev.longhaul.gateway.config.ClientCredentials;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.config.OwnerIdentity;
import dev.longhaul.gateway.config.UpstreamConfig;
import dev.longhaul.gateway.rpc.CallerRefusedException;
import dev.longhaul.gateway.rpc.RequestHeaders;
import dev.longhaul.gateway.session.OnBehalf;
import dev.longhaul.gateway.session.UpstreamPeers;
import dev.longhaul.job.JobId;
import dev.longhaul.secret.SealedException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream is told of who calls: its configured headers, this server's access token if it
 * has client credentials or a person has logged in, and the owner of the call if it has an
 * identity.
 */
final class UpstreamIdentity implements UpstreamPeers.Identity {
  private final TokenEndpoint endpoint;
  private final Supplier<LoginTokens> logins;
  private final Assertions assertions;
  private final @Nullable SealedTokens tokens;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, KnownOwners> owners = new ConcurrentHashMap<>();

  private record Known(ClientCredentials credentials, UpstreamTokens tokens) {}

  private record KnownOwners(
      ClientCredentials credentials, OwnerIdentity.JwtBearer identity, OwnerTokens tokens) {}

  /**
   * @param logins the logins of persons, for upstreams that may ask for one
   * @param tokens the tokens that jobs have; null without an encryption key
   * @param nanos the time
   */
  UpstreamIdentity(
      TokenEndpoint endpoint,
      Supplier<LoginTokens> logins,
      Assertions assertions,
      @Nullable SealedTokens tokens,
      Clock clock,
      LongSupplier nanos) {
    this.tokens = tokens;
    this.clock = clock;
    this.endpoint = endpoint;
    this.logins = logins;
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
      case OwnerIdentity.Exchange _ -> ofJob(config.name(), url, behalf);
      case OwnerIdentity.JwtBearer identity -> {
        ClientCredentials credentials = Objects.requireNonNull(url.credentials());
        OwnerTokens byOwner = tokens(config.name(), credentials, identity);
        yield challenge -> bearer(url, byOwner.get(owner, challenge != null));
      }
    };
  }

  /** The token of a job, which is the same for all of its messages. */
  private RequestHeaders ofJob(String upstream, Connection.Url url, OnBehalf behalf) {
    OwnerToken token = token(upstream, behalf).orElseThrow(() -> gone(upstream));
    return _ -> {
      if (!clock.instant().isBefore(token.end())) {
        throw gone(upstream);
      }
      return bearer(url, token.value());
    };
  }

  private Optional<OwnerToken> token(String upstream, OnBehalf behalf) {
    String job = behalf.job();
    if (tokens == null || job == null || !JobId.isValid(job)) {
      return Optional.empty();
    }
    try {
      return tokens.find(upstream, behalf.owner(), new JobId(job));
    } catch (SealedException e) {
      throw new CallerRefusedException(
          "The token of this job for upstream " + upstream + " cannot be read: " + e.getMessage(),
          0,
          e);
    }
  }

  private static CallerRefusedException gone(String upstream) {
    return new CallerRefusedException(
        "The access token that this job had for upstream "
            + upstream
            + " has expired, or was deleted when the job ended; submit the call again.",
        0,
        null);
  }

  private RequestHeaders own(UpstreamConfig config, Connection.Url url) {
    ClientCredentials credentials = url.credentials();
    if (credentials == null) {
      return url.login() == null
          ? RequestHeaders.of(url.headers())
          : logins.get().of(config.name(), url);
    }
    UpstreamTokens ours = tokens(config.name(), credentials);
    return challenge -> bearer(url, ours.get(challenge != null));
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
