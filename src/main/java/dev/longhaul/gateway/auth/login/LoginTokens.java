package dev.longhaul.gateway.auth.login;

import dev.longhaul.gateway.auth.login.Login.Tokens;
import dev.longhaul.gateway.config.Connection;
import dev.longhaul.gateway.rpc.RequestHeaders;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The access tokens of logins, for the messages to upstreams. */
public final class LoginTokens {
  private final LoginStore store;
  private final LoginKey key;
  private final ObservationRegistry observations;
  private final Clock clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(String address, UpstreamLogin login) {}

  LoginTokens(LoginStore store, LoginKey key, ObservationRegistry observations, Clock clock) {
    this.store = store;
    this.key = key;
    this.observations = observations;
    this.clock = clock;
  }

  /**
   * The headers of a new session with an upstream: those that are configured, and its access token
   * once it has asked for one.
   */
  public RequestHeaders of(String upstream, Connection.Url url) {
    UpstreamLogin login = login(upstream, url);
    login.check(); // sessions are opened again after a logout
    return challenge -> {
      boolean refused = challenge != null && Challenge.asksForToken(challenge);
      String token = login.token(refused);
      return token == null ? url.headers() : with(url.headers(), token);
    };
  }

  private static Map<String, String> with(Map<String, String> headers, @Nullable String token) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", "Bearer " + token);
    return all;
  }

  private UpstreamLogin login(String upstream, Connection.Url url) {
    return known
        .compute(
            upstream,
            (_, before) ->
                before != null && before.address().equals(url.address())
                    ? before
                    : new Known(
                        url.address(),
                        new UpstreamLogin(
                            upstream,
                            url.address(),
                            store,
                            key,
                            (login, refresh) -> renewed(upstream, url, login, refresh),
                            clock)))
        .login();
  }

  private Tokens renewed(String upstream, Connection.Url url, Login login, String refresh)
      throws LoginFailedException {
    try (var http = new LoginHttp(url.url(), observations)) {
      return new TokenRequests(http, upstream, clock).refresh(login, refresh);
    }
  }
}
